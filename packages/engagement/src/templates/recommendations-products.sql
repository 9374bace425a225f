-- products: one row is one of the products asked for, with the last thing said of each field by the catalogue, else by orders.
SELECT
    product_id,
    coalesce(nullIf(max(listed_title), ''), nullIf(max(ordered_title), ''), product_id) AS title,
    max(category) AS category,
    coalesce(max(listed_price), nullIf(max(ordered_price), 0)) AS price,
    coalesce(nullIf(max(listed_currency), ''), max(ordered_currency)) AS currency,
    max(stock) AS stock,
    max(url) AS url,
    max(image_url) AS image_url
FROM
(
    SELECT product_id, argMaxIf(products.title, products.at, products.title != '') AS listed_title,
        argMaxIf(products.category, products.at, products.category != '') AS category,
        argMaxIf(products.price, products.at, products.price IS NOT NULL) AS listed_price,
        toString(argMaxIf(products.currency, products.at, products.currency != '')) AS listed_currency,
        argMaxIf(products.stock, products.at, products.stock IS NOT NULL) AS stock,
        argMaxIf(products.url, products.at, products.url != '') AS url,
        argMaxIf(products.image_url, products.at, products.image_url != '') AS image_url,
        '' AS ordered_title, 0 AS ordered_price, '' AS ordered_currency
    FROM products WHERE product_id IN {products:Array(String)} AND products.at <= {as_of:DateTime64(3, 'UTC')}
    GROUP BY product_id
    UNION ALL
    SELECT product_id, '' AS listed_title, '' AS category, NULL AS listed_price, '' AS listed_currency, NULL AS stock, '' AS url,
        '' AS image_url, argMax(description, sales.at) AS ordered_title, argMax(unit_price, sales.at) AS ordered_price,
        toString(argMax(sales.currency, sales.at)) AS ordered_currency
    FROM sales WHERE product_id IN {products:Array(String)} AND sales.at <= {as_of:DateTime64(3, 'UTC')}
    GROUP BY product_id
)
GROUP BY product_id
