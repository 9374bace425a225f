-- One row is one segment in the last finished run.
SELECT
    segment,
    count() AS customers,
    sum(revenue) AS revenue,
    avg(orders) AS orders,
    avg(recency_days) AS recency_days
FROM current_segments
GROUP BY segment
