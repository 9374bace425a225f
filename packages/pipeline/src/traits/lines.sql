-- One row is one line that a known customer bought (or, with the other kind, brought back) by the moment {as_of}.
SELECT
    customer_id,
    line_key AS key,
    prepared.at AS at,
    abs(prepared.amount) AS amount,
    abs(prepared.quantity) AS quantity,
    unit_price AS price,
    prepared.product_id AS product,
    kinds.category AS category,
    country
FROM prepared_order_lines AS prepared
LEFT JOIN
(
    SELECT product_id, argMaxIf(category, (products.at, source, line), category != '') AS category
    FROM products
    WHERE products.at <= {as_of:DateTime64(3, 'UTC')} AND received_at <= {as_of:DateTime64(3, 'UTC')}
    GROUP BY product_id
) AS kinds ON kinds.product_id = prepared.product_id
WHERE reason = '' AND kind = {kind:String} AND known
    AND prepared.at <= {as_of:DateTime64(3, 'UTC')} AND received_at <= {as_of:DateTime64(3, 'UTC')}
    AND /* only customer_id */
