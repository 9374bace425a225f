-- One row is one week (from Monday, UTC) of the half year up to a moment, with what was sold in it less what came back.
SELECT
    toString(toMonday(at)) AS week,
    round(sum(amount), 2) AS revenue,
    uniqExactIf(order_id, kind = 'sale') AS orders,
    uniqExactIf(customer_id, kind = 'sale' AND known) AS customers
FROM prepared_order_lines
WHERE reason = '' AND at > {as_of:DateTime64(3, 'UTC')} - INTERVAL 26 WEEK AND at <= {as_of:DateTime64(3, 'UTC')}
GROUP BY week
ORDER BY week
