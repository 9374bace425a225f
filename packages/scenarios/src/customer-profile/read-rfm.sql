-- One row is one cell of the grid of recency and frequency in the last finished run.
SELECT
    recency,
    frequency,
    any(rfm_group) AS `group`,
    count() AS customers,
    sum(revenue) AS revenue,
    avg(recency_days) AS recency_days,
    avg(orders) AS orders,
    [countIf(monetary = 1), countIf(monetary = 2), countIf(monetary = 3), countIf(monetary = 4), countIf(monetary = 5)] AS monetary
FROM current_segments
GROUP BY recency, frequency
ORDER BY recency DESC, frequency
