-- One row is one customer near to the one asked about, in the features of the last run as of one moment, each measured in
-- standard deviations, so that none counts more for being written in larger numbers. What is missing counts as average.
WITH
    everybody AS
    (
        SELECT customer_id, names, values FROM features
        WHERE scenario = {scenario:String} AND as_of = {as_of:DateTime64(3, 'UTC')} AND customer_id NOT IN {excluded:Array(String)}
        LIMIT 1 BY customer_id
    ),
    (SELECT avgForEach(arrayMap(v -> if(isNaN(v), NULL, toFloat64(v)), values)) FROM everybody) AS mean,
    (SELECT stddevPopForEach(arrayMap(v -> if(isNaN(v), NULL, toFloat64(v)), values)) FROM everybody) AS deviation,
    measured AS
    (
        SELECT
            customer_id, names, values,
            arrayMap((v, m, s) -> if(isNaN(v) OR isNull(m) OR ifNull(s, 0) = 0, 0, (v - assumeNotNull(m)) / assumeNotNull(s)), values, mean, deviation) AS z
        FROM everybody
    ),
    (SELECT (any(z), any(values)) FROM measured WHERE customer_id = {id:String}) AS own
SELECT
    near.customer_id AS customer_id, name, orders, revenue, last_order_at, distance, names, theirs, own.2 AS mine, theirs_z, own.1 AS mine_z, compared
FROM
(
    SELECT customer_id, names, values AS theirs, z AS theirs_z, L2Distance(z, own.1) / sqrt(length(z)) AS distance, count() OVER () AS compared
    FROM measured
    WHERE customer_id != {id:String} AND length(own.1) > 0
    ORDER BY distance, customer_id
    LIMIT {limit:UInt32}
) AS near
INNER JOIN customers ON customers.customer_id = near.customer_id
ORDER BY distance, customer_id
