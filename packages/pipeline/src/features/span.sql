-- One row: what the orders hold as of a moment.
SELECT
    count() > 0 AS any,
    uniqExact(order_id) AS orders,
    uniqExactIf(customer_id, known) AS customers,
    toUnixTimestamp64Milli(min(at)) AS first_at,
    toUnixTimestamp64Milli(max(at)) AS last_at,
    sum(amount) / uniqExact(order_id) AS mean_order,
    argMax(currency, at) AS currency,
    -- every line that counts, whatever its place: the same data, the same fingerprint
    lower(hex(groupBitXor(cityHash64(line_key, customer_id, amount, at)))) AS fingerprint
FROM sales
WHERE at <= {as_of:DateTime64(3, 'UTC')} AND received_at <= {as_of:DateTime64(3, 'UTC')}
