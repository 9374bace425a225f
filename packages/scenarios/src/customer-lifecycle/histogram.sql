-- One row is one span of the value expected within 90 days: a half, one, two, four, … times the median customer's.
WITH
    (SELECT greatest(0.01, quantileExact(0.5)(orders_90 * average)) FROM current_lifecycle) AS middle,
    least(6, greatest(-4, floor(log2(greatest(orders_90 * average, 1e-9) / middle)))) AS bin
SELECT
    if(bin = -4, 0, middle * exp2(bin)) AS low,
    middle * exp2(bin + 1) AS high,
    count() AS customers,
    sum(toFloat64(orders_90) * average) AS value
FROM current_lifecycle
GROUP BY bin, middle
ORDER BY bin
