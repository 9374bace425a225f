-- One row: what was known of one customer at the last scoring that told of them, and the least and the greatest value of each
-- feature among all customers of that scoring (none where it is known of nobody).
WITH own AS
(
    SELECT as_of, names, values
    FROM features FINAL
    WHERE scenario = {scenario:String} AND customer_id = {customer_id:String}
    ORDER BY as_of DESC
    LIMIT 1
)
SELECT
    toUnixTimestamp64Milli(own.as_of) AS as_of,
    own.names AS names,
    arrayMap(value -> if(isNaN(value), NULL, value), own.values) AS values,
    arrayMap(value -> if(isInfinite(value), NULL, value), ranges.low) AS low,
    arrayMap(value -> if(isInfinite(value), NULL, value), ranges.high) AS high
FROM own
CROSS JOIN
(
    SELECT
        minForEach(arrayMap(value -> if(isNaN(value), inf, value), values)) AS low,
        maxForEach(arrayMap(value -> if(isNaN(value), -inf, value), values)) AS high
    FROM features
    WHERE scenario = {scenario:String} AND as_of = (SELECT as_of FROM own)
) AS ranges
