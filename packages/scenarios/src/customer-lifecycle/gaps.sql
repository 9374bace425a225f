-- One row: how many known customers ordered on two days or more before the moment {as_of}, the gaps between those days, and
-- how long nine of ten of them are at most, in days.
WITH days AS
(
    SELECT DISTINCT customer_id, toDate(at) AS day
    FROM sales
    WHERE known AND at < {as_of:DateTime64(3, 'UTC')} AND received_at <= {as_of:DateTime64(3, 'UTC')}
)
SELECT
    uniqExact(customer_id) AS repeaters,
    count() AS gaps,
    if(gaps > 0, quantileExact(0.9)(gap), 0) AS ninth
FROM
(
    SELECT
        customer_id,
        day - lagInFrame(day, 1, day) OVER (PARTITION BY customer_id ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS gap
    FROM days
)
WHERE gap > 0
