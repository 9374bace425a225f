-- One more order, of one line, on 2026-01-01 from one in a hundred of {customers} customers.
INSERT INTO prepared_order_lines
    (line_key, order_id, customer_id, known, product_id, description, quantity, unit_price, amount, currency, country, at, day, received_at, kind, reason)
SELECT
    concat('n', toString(number)) AS line_key,
    line_key AS order_id,
    concat('c', toString(number * 100)) AS customer_id,
    1 AS known,
    concat('p', toString(cityHash64(number) % 2000)) AS product_id,
    concat('thing ', product_id) AS description,
    1 AS quantity,
    10 AS unit_price,
    10 AS amount,
    'GBP' AS currency,
    'United Kingdom' AS country,
    toDateTime64('2026-01-01 09:00:00', 3, 'UTC') AS at,
    toDate(at) AS day,
    at AS received_at,
    'sale' AS kind,
    '' AS reason
FROM numbers(intDiv({customers:UInt64}, 100))
