-- One row is one customer of a run: the probability that was told, and whether the outcome happened.
SELECT probability, customer_id IN (SELECT customer_id FROM (
{{label}}
)) AS happened
FROM scores FINAL
WHERE scenario = {scenario:String} AND scored_at = {scored_at:DateTime64(3, 'UTC')} AND told
    AND customer_id NOT IN {excluded:Array(String)}
ORDER BY customer_id
