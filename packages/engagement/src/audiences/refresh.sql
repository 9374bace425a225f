-- One row is one customer who enters (+1) or leaves (-1) with this computation: those who should be inside, less those
-- who are. Ordered, so that a repeated statement makes the same blocks and its token drops them.
INSERT INTO audience_members (audience_id, computation, customer_id, at, change)
SELECT {audience:String}, {computation:UInt32}, customer_id, {at:DateTime64(3, 'UTC')}, toInt8(sum(step)) AS change
FROM
(
    SELECT DISTINCT customer_id, 1 AS step FROM (/* members */)
    UNION ALL
    SELECT customer_id, -change AS step FROM audience_members WHERE audience_id = {audience:String}
)
GROUP BY customer_id
HAVING change != 0
ORDER BY customer_id
