-- One row is one thing that somebody gave back: the product and price, with each id that its buyer may have bought under.
WITH returned AS
(
    SELECT DISTINCT if(links.customer = '', buyer, links.customer) AS owner, product_id, unit_price
    FROM
    (
        SELECT if(alias = '', concat('basket:', order_id), alias) AS buyer, product_id, unit_price
        FROM ({{told}}) WHERE is_return
    ) AS told
    LEFT JOIN
    (
        SELECT alias, customer_id AS customer FROM {identity:Identifier} WHERE customer_id != alias
    ) AS links ON links.alias = told.buyer
)
SELECT owner, product_id, unit_price FROM returned
UNION ALL
SELECT aliases.alias, product_id, unit_price
FROM returned INNER JOIN {identity:Identifier} AS aliases ON aliases.customer_id = returned.owner
WHERE aliases.alias != aliases.customer_id
