-- One row is one month since a customer's first order: what they brought net of returns, and the sum so far beside the
-- median of those who began in the same quarter.
WITH
    (SELECT (toStartOfMonth(min(at)), toStartOfQuarter(min(at))) FROM sales WHERE customer_id = {id:String}) AS began,
    (SELECT toStartOfMonth(max(at)) FROM prepared_order_lines WHERE reason = '') AS last_month,
    least(toUInt32(dateDiff('month', began.1, last_month) + 1), 120) AS months,
    peers AS
    (
        SELECT customer_id FROM customers
        WHERE orders > 0 AND toStartOfQuarter(first_order_at) = began.2
        ORDER BY cityHash64(customer_id) LIMIT 2000
    ),
    brought AS
    (
        SELECT customer_id, dateDiff('month', began.1, toStartOfMonth(at)) AS n, sum(amount) AS net
        FROM prepared_order_lines
        WHERE reason = '' AND (customer_id = {id:String} OR customer_id IN (SELECT customer_id FROM peers))
        GROUP BY customer_id, n
    ),
    sums AS
    (
        SELECT customer_id, arrayCumSum(arrayMap(m -> sumMap[m], range(months))) AS so_far
        FROM (SELECT customer_id, CAST((groupArray(toUInt32(greatest(n, 0))), groupArray(net)), 'Map(UInt32, Float64)') AS sumMap FROM brought GROUP BY customer_id)
    ),
    (SELECT medianExactForEach(so_far) FROM sums WHERE customer_id != {id:String}) AS medians
SELECT
    toString(addMonths(began.1, toInt32(m))) AS month,
    round(if(m = 0, so_far[1], so_far[m + 1] - so_far[m]), 2) AS net,
    round(so_far[m + 1], 2) AS sum,
    if(length(medians) = 0, NULL, round(medians[m + 1], 2)) AS typical
FROM sums ARRAY JOIN range(months) AS m
WHERE customer_id = {id:String}
ORDER BY m
