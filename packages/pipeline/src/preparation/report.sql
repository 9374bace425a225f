-- One row: what came out of preparation, with how many lines each step dropped or flagged.
SELECT
    count() AS lines_in,
    countIf(reason = '') AS lines_out,
    uniqExactIf(order_id, reason = '' AND kind = 'sale') AS orders_out,
    uniqExactIf(customer_id, reason = '' AND kind = 'sale' AND known) AS customers_out,
    sumIf(amount, reason = '') AS revenue_out,
    if(lines_out = 0, NULL, toString(minIf(at, reason = ''))) AS first_at,
    if(lines_out = 0, NULL, toString(maxIf(at, reason = ''))) AS last_at,
    mapAdd(
        sumMapIf(map(toString(reason), toUInt64(1)), reason != ''),
        sumMapIf(mapFromArrays(arrayMap(flag -> toString(flag), flags), arrayMap(flag -> toUInt64(1), flags)), reason = '')
    ) AS steps
FROM {lines:Identifier}
