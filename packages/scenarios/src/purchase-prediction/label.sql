-- One row is one customer with a sale in the {horizon_days} days after the moment {as_of}. The only file that looks past it.
SELECT DISTINCT customer_id
FROM sales
WHERE known
    AND at > {as_of:DateTime64(3, 'UTC')}
    AND at <= {as_of:DateTime64(3, 'UTC')} + toIntervalDay({horizon_days:UInt16})
