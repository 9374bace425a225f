-- One row is one way between two segments that customers took between the run {since} and the last one.
SELECT before.segment AS from_segment, after.segment AS to_segment, count() AS customers
FROM (SELECT customer_id, segment FROM segments FINAL WHERE scored_at = {since:DateTime64(3, 'UTC')}) AS before
INNER JOIN (SELECT customer_id, segment FROM current_segments) AS after USING (customer_id)
GROUP BY from_segment, to_segment
ORDER BY customers DESC
