-- One row counts what there is to learn from: products and known customers with a sale by {now}, and how many of the
-- customers who had bought by {as_of} bought something after it that they never had before.
SELECT
    uniqExact(product_id) AS products,
    uniqExactIf(customer_id, known) AS customers,
    uniqExactIf(customer_id, known AND first_at > {as_of:DateTime64(3, 'UTC')} AND customer_first_at <= {as_of:DateTime64(3, 'UTC')}) AS buyers
FROM
(
    SELECT *, min(first_at) OVER (PARTITION BY customer_id) AS customer_first_at
    FROM
    (
        SELECT customer_id, product_id, known, min(at) AS first_at
        FROM sales
        WHERE sales.at <= {now:DateTime64(3, 'UTC')}
        GROUP BY customer_id, product_id, known
    )
)
