-- One row is one customer who spent something in the {horizon_days} days after the moment {as_of}. The only file that
-- looks past it.
SELECT customer_id, sum(amount) AS spend
FROM sales
WHERE known
    AND at > {as_of:DateTime64(3, 'UTC')}
    AND at <= {as_of:DateTime64(3, 'UTC')} + toIntervalDay({horizon_days:UInt16})
GROUP BY customer_id
