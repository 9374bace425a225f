-- One row is one product that the catalogue or the orders tell of, whose id, title or category holds the words that are
-- looked for (all products where none are), the most ordered first.
SELECT
    product_id,
    coalesce(nullIf(max(listed_title), ''), max(ordered_title)) AS title,
    max(category) AS category,
    coalesce(max(listed_price), nullIf(max(ordered_price), 0)) AS price,
    coalesce(nullIf(max(listed_currency), ''), max(ordered_currency)) AS currency,
    max(image_url) AS image_url
FROM
(
    SELECT product_id, argMax(products.title, products.at) AS listed_title, argMax(products.category, products.at) AS category,
        argMax(products.price, products.at) AS listed_price, toString(argMax(products.currency, products.at)) AS listed_currency,
        argMax(products.image_url, products.at) AS image_url,
        '' AS ordered_title, 0 AS ordered_price, '' AS ordered_currency, 0 AS orders
    FROM products GROUP BY product_id
    UNION ALL
    SELECT product_id, '' AS listed_title, '' AS category, NULL AS listed_price, '' AS listed_currency, '' AS image_url,
        argMax(description, sales.at) AS ordered_title, argMax(unit_price, sales.at) AS ordered_price,
        toString(argMax(sales.currency, sales.at)) AS ordered_currency, uniq(order_id) AS orders
    FROM sales GROUP BY product_id
)
GROUP BY product_id
HAVING {search:String} = '' OR positionCaseInsensitiveUTF8(concat(product_id, ' ', title, ' ', category), {search:String}) > 0
ORDER BY product_id = {search:String} DESC, sum(orders) DESC, product_id
LIMIT {limit:UInt16}
