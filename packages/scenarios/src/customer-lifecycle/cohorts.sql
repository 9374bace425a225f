-- One row is one period of one cohort: those of the cohort who ordered in it, and what they spent. A cohort is who first
-- ordered in the same {every} (month or week).
WITH
    orders AS
    (
        SELECT customer_id, dateTrunc({every:String}, toDate(at)) AS start, sum(amount) AS spent
        FROM sales
        WHERE known AND at < {as_of:DateTime64(3, 'UTC')} AND received_at <= {as_of:DateTime64(3, 'UTC')}
        GROUP BY customer_id, start
    ),
    firsts AS (SELECT customer_id, min(start) AS opened FROM orders GROUP BY customer_id)
SELECT
    toString(opened) AS cohort,
    toUInt32(dateDiff({every:String}, opened, start)) AS period,
    uniqExact(orders.customer_id) AS customers,
    sum(spent) AS revenue
FROM orders
INNER JOIN firsts ON firsts.customer_id = orders.customer_id
GROUP BY cohort, period
ORDER BY cohort, period
