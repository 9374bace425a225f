-- One row is one customer who entered the audience after the computation given and is inside still; a page of them in
-- the order of their ids, after `last`.
SELECT customer_id
FROM audience_members
WHERE audience_id = {audience:String} AND customer_id > {last:String}
GROUP BY customer_id
HAVING sum(change) > 0 AND maxIf(computation, change > 0) > {after:UInt32}
ORDER BY customer_id
LIMIT {limit:UInt32}
