-- One row is one customer who ordered in the {horizon_days} days from the moment {as_of} on: on how many days, and for how
-- much. The only file that looks past it.
SELECT customer_id, uniqExact(toDate(at)) AS future_orders, sum(amount) AS future_value
FROM sales
WHERE known
    AND at >= {as_of:DateTime64(3, 'UTC')}
    AND at < {as_of:DateTime64(3, 'UTC')} + toIntervalDay({horizon_days:UInt16})
GROUP BY customer_id
