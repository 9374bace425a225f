-- One row is one product that was known at the moment {as_of}, with the last thing said of each field by then: by an
-- imported catalogue first, else by the orders and the shop's own events. In the order of product ids. A product whose
-- stock nobody tells is held to be there. `sold` counts orders, halved for every {sold_half_life} days that they lie
-- back.
WITH
    listed AS
    (
        SELECT
            product_id,
            argMaxIf(products.title, (at, source, import_id, line), products.title != '') AS title,
            argMaxIf(products.category, (at, source, import_id, line), products.category != '') AS category,
            argMaxIf(products.brand, (at, source, import_id, line), products.brand != '') AS brand,
            argMaxIf(products.price, (at, source, import_id, line), products.price IS NOT NULL) AS price,
            argMaxIf(products.cost, (at, source, import_id, line), products.cost IS NOT NULL) AS cost,
            argMaxIf(products.currency, (at, source, import_id, line), products.currency != '') AS currency,
            argMaxIf(products.stock, (at, source, import_id, line), products.stock IS NOT NULL) AS stock,
            argMaxIf(products.url, (at, source, import_id, line), products.url != '') AS url,
            argMaxIf(products.image_url, (at, source, import_id, line), products.image_url != '') AS image_url
        FROM products
        WHERE at <= {as_of:DateTime64(3, 'UTC')} AND received_at <= {as_of:DateTime64(3, 'UTC')}
        GROUP BY product_id
    ),
    ordered AS
    (
        SELECT
            product_id,
            argMaxIf(description, (at, description), description != '') AS title,
            argMaxIf(unit_price, (at, unit_price), unit_price > 0) AS price,
            min(currency) AS currency,
            round(sum(exp2(-dateDiff('second', at, {as_of:DateTime64(3, 'UTC')}) / 86400 / {sold_half_life:Float64})), 4) AS sold
        FROM
        (
            SELECT product_id, order_id, max(sales.description) AS description, max(sales.unit_price) AS unit_price, min(sales.currency) AS currency, min(sales.at) AS at
            FROM sales
            WHERE sales.at <= {as_of:DateTime64(3, 'UTC')} AND received_at <= {as_of:DateTime64(3, 'UTC')}
            GROUP BY product_id, order_id
        )
        GROUP BY product_id
    ),
    said AS
    (
        SELECT
            coalesce(nullIf(JSONExtractString(properties, 'product_id'), ''), JSONExtractString(properties, 'sku')) AS product_id,
            argMax(JSONExtractString(properties, 'name'), (at, event_id)) AS title,
            argMax(JSONExtractString(properties, 'category'), (at, event_id)) AS category,
            argMax(JSONExtractString(properties, 'brand'), (at, event_id)) AS brand,
            argMax(JSONExtractFloat(properties, 'price'), (at, event_id)) AS price,
            argMax(JSONExtractString(properties, 'url'), (at, event_id)) AS url,
            argMax(JSONExtractString(properties, 'image_url'), (at, event_id)) AS image_url
        FROM events
        WHERE NOT bot AND name IN ('Product Viewed', 'Product Added')
            AND at > {as_of:DateTime64(3, 'UTC')} - INTERVAL 180 DAY
            AND at <= {as_of:DateTime64(3, 'UTC')} AND received_at <= {as_of:DateTime64(3, 'UTC')}
        GROUP BY product_id
        HAVING product_id != ''
    )
SELECT
    product_id,
    coalesce(nullIf(listed.title, ''), nullIf(said.title, ''), ordered.title) AS title,
    coalesce(nullIf(listed.category, ''), said.category) AS category,
    coalesce(nullIf(listed.brand, ''), said.brand) AS brand,
    coalesce(listed.price, nullIf(said.price, 0), nullIf(ordered.price, 0)) AS price,
    listed.cost AS cost,
    coalesce(nullIf(listed.currency, ''), ordered.currency) AS currency,
    listed.stock AS stock,
    coalesce(nullIf(listed.url, ''), said.url) AS url,
    coalesce(nullIf(listed.image_url, ''), said.image_url) AS image_url,
    ordered.sold AS sold
FROM
(
    SELECT product_id FROM listed UNION DISTINCT SELECT product_id FROM ordered UNION DISTINCT SELECT product_id FROM said
) AS every
LEFT JOIN listed USING (product_id)
LEFT JOIN ordered USING (product_id)
LEFT JOIN said USING (product_id)
ORDER BY product_id
