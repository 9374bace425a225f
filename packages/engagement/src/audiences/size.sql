-- How many are inside.
SELECT count() AS size
FROM (SELECT customer_id FROM audience_members WHERE audience_id = {audience:String} GROUP BY customer_id HAVING sum(change) > 0)
