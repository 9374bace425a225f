-- One row is one customer's newest stored features, of those asked for.
SELECT customer_id, toUnixTimestamp64Milli(as_of) AS moment, names, values
FROM features
WHERE scenario = {scenario:String} AND customer_id IN {customers:Array(String)}
ORDER BY customer_id, as_of DESC, computed_at DESC
LIMIT 1 BY customer_id
