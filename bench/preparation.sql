-- One row is one order line of a made shop over two years: 25 lines an order, one order in four by nobody known, one line
-- in 37 a cancellation of what was bought 1,000 lines before, one in 100 told twice.
INSERT INTO order_lines
    (line_key, order_id, customer_id, product_id, description, quantity, unit_price, country, at, received_at, source, line)
SELECT
    toString(number),
    concat(if(cancels, 'C', ''), toString(100000 + intDiv(number, 25))),
    if(buyer % 4 = 0, '', toString(buyer)),
    toString(10000 + bought * 7919 % 4000),
    'a thing of the shop',
    if(cancels, -1, 1 + bought % 12),
    (1 + bought * 7919 % 4000 % 50) / 4,
    'France',
    toDateTime64('2024-01-01', 3, 'UTC') + intDiv(intDiv(number, 25) * 25 * 63072000, {lines:UInt64}) AS moment,
    moment,
    'made',
    number
FROM
(
    SELECT
        number,
        number % 37 = 36 AND number > 1000 AS cancels,
        toUInt64(number - multiIf(cancels, 1000, number % 100 = 99, 1, 0)) AS bought,
        intHash32(intDiv(bought, 25)) % intDiv({lines:UInt64}, 75) AS buyer
    FROM numbers({lines:UInt64})
)
