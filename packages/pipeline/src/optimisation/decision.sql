-- One row: the customers of the last finished scoring at or above a probability, the most likely first and at most so many.
SELECT
    count() AS chosen,
    sum(probability) AS expected,
    sum(low) AS expected_low,
    sum(high) AS expected_high,
    if(count() = 0, NULL, toNullable(min(probability))) AS from_probability
FROM
(
    SELECT probability, low, high
    FROM current_scores
    WHERE scenario = {scenario:String} AND probability >= {threshold:Float64}
    ORDER BY probability DESC, customer_id
    LIMIT {most:UInt64}
)
