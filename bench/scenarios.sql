-- Fills prepared_order_lines for {customers} customers over the 400 days before 2026-01-01. Each joins on some day, orders at a
-- rate of their own and leaves for good; an order has one to four lines, of 2,000 products of which some sell far more.
INSERT INTO prepared_order_lines
    (line_key, order_id, customer_id, known, product_id, description, quantity, unit_price, amount, currency, country, at, day, received_at, kind, reason)
WITH
    400 AS days,
    people AS
    (
        SELECT
            number AS n,
            cityHash64(n, 1) % 1000003 / 1000003 AS u,
            cityHash64(n, 2) % 1000003 / 1000003 AS v,
            if(cityHash64(n, 3) % 2 = 0, 0, cityHash64(n, 4) % days) AS joins,
            toUInt32(least(days - joins, 1 + toUInt32(-200 * log(1 - v)))) AS alive,
            -- orders after the first, while alive: exponential rates of one in 40 days on average
            least(60, toUInt32(-log(1 - u) * alive / 40)) AS more
        FROM numbers({customers:UInt64})
    ),
    orders AS
    (
        SELECT
            n,
            concat('o', toString(n), '-', toString(k)) AS order_id,
            joins + if(k = 0, 0, cityHash64(n, k, 5) % alive) AS on_day,
            cityHash64(n, k, 6) % 86400 AS second,
            1 + cityHash64(n, k, 7) % 4 AS lines
        FROM people
        ARRAY JOIN range(more + 1) AS k
    )
SELECT
    concat(order_id, '-', toString(line)) AS line_key,
    order_id,
    concat('c', toString(n)) AS customer_id,
    1 AS known,
    concat('p', toString(toUInt32(2000 * pow(cityHash64(order_id, line, 8) % 1000003 / 1000003, 2)))) AS product_id,
    concat('thing ', product_id) AS description,
    1 + cityHash64(order_id, line, 9) % 3 AS quantity,
    2 + cityHash64(product_id) % 40 AS unit_price,
    quantity * unit_price AS amount,
    'GBP' AS currency,
    if(n % 5 = 0, 'France', 'United Kingdom') AS country,
    toDateTime64('2026-01-01 00:00:00', 3, 'UTC') - toIntervalDay(days) + toIntervalDay(on_day) + toIntervalSecond(second) AS at,
    toDate(at) AS day,
    at AS received_at,
    'sale' AS kind,
    '' AS reason
FROM orders
ARRAY JOIN range(lines) AS line
