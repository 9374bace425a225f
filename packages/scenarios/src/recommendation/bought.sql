-- One row is one known customer and one product that they bought in {horizon_days} days after {as_of} and never before.
-- The only file that looks past the moment. `product` is the place in products.sql as of the moment, so what the shop did
-- not know of then is left out.
SELECT customer_id, product
FROM
(
    SELECT customer_id, product_id
    FROM sales
    WHERE known AND at <= {as_of:DateTime64(3, 'UTC')} + toIntervalDay({horizon_days:UInt32})
    GROUP BY customer_id, product_id
    HAVING min(at) > {as_of:DateTime64(3, 'UTC')}
) AS later
INNER JOIN
(
    SELECT product_id, toUInt32(row_number() OVER (ORDER BY product_id) - 1) AS product FROM ({{products}})
) AS numbered USING (product_id)
WHERE customer_id NOT IN {excluded:Array(String)}
ORDER BY customer_id, product
