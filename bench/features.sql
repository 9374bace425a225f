-- Fills prepared_order_lines with {lines} lines: orders of three lines, a customer for each 90 lines, over 300 days before
-- 2026-01-01. Customers differ in how often they buy: the low numbers are drawn more often.
INSERT INTO prepared_order_lines
    (line_key, order_id, customer_id, known, product_id, quantity, unit_price, amount, currency, country, at, received_at, kind, reason)
SELECT
    toString(number) AS line_key,
    concat('o', toString(intDiv(number, 3))) AS order_id,
    concat('c', toString(toUInt64(intDiv({lines:UInt64}, 90) * pow(cityHash64(intDiv(number, 3), 1) % 1000003 / 1000003, 2)))) AS customer_id,
    1 AS known,
    concat('p', toString(cityHash64(number, 2) % 3000)) AS product_id,
    1 + cityHash64(number, 3) % 5 AS quantity,
    1 + cityHash64(number, 4) % 40 AS unit_price,
    quantity * unit_price AS amount,
    'GBP' AS currency,
    if(cityHash64(customer_id) % 5 = 0, 'France', 'United Kingdom') AS country,
    toDateTime64('2026-01-01 00:00:00', 3, 'UTC') - toIntervalSecond(1 + cityHash64(intDiv(number, 3), 5) % (300 * 86400)) AS at,
    at AS received_at,
    'sale' AS kind,
    '' AS reason
FROM numbers({lines:UInt64})
