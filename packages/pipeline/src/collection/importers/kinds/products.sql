-- One row is one line of the file as what is said of a product. A line that says what was last said of its product, or
-- what is known to have been said at that moment, brings nothing. A line without a moment is as of the import.
WITH
    told_before AS
    (
        SELECT
            product_id,
            at,
            hex(sipHash128(title, category, brand, ifNull(toString(price), ''), ifNull(toString(cost), ''), currency, ifNull(toString(stock), ''), url, image_url)) AS said
        FROM products
        WHERE import_id != {import_id:String} AND product_id IN (SELECT product_id FROM cleaned)
    ),
    last_told AS (SELECT product_id, argMax(said, at) AS said FROM told_before GROUP BY product_id),
    facts AS
    (
        SELECT
            cleaned.*,
            last_told.said AS said_before,
            hex(sipHash128(title, category, brand, ifNull(toString(price), ''), ifNull(toString(cost), ''), currency, ifNull(toString(stock), ''), url, image_url)) AS said_now
        FROM cleaned
        LEFT JOIN last_told ON last_told.product_id = cleaned.product_id
    ),
    numbered AS
    (
        SELECT
            *,
            row_number() OVER (PARTITION BY product_id, facts.at, reason ORDER BY line) AS number,
            lagInFrame(said_now, 1, said_before) OVER (PARTITION BY product_id, reason ORDER BY facts.at, line ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS said_last
        FROM facts
    )
SELECT
    line,
    1 AS lines,
    reason,
    detail,
    raw,
    product_id,
    addMilliseconds(ifNull(numbered.at, {now:DateTime64(3, 'UTC')}), number - 1) AS at,
    at AS received_at,
    {source:String} AS source,
    title,
    category,
    brand,
    price,
    cost,
    currency,
    stock,
    url,
    image_url,
    {import_id:String} AS import_id,
    multiIf(
        reason != '', 'refused',
        said_now = said_last, 'known',
        (product_id, at, said_now) IN (SELECT product_id, at, said FROM told_before), 'known',
        (product_id, line) IN (SELECT product_id, products.line FROM products WHERE import_id = {import_id:String}), 'loaded',
        'new'
    ) AS told
FROM numbered
