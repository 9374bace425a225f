-- One row: the customers of the last finished scoring. The sum's variance is that of the purchases given their
-- probabilities, and of the probabilities themselves, taken as wholly correlated: all may be too high together.
SELECT
    count() AS scored,
    countIf(chosen) AS chosen,
    sum(probability) AS expected,
    sqrt(sum(toFloat64(probability) * (1 - probability)) + pow(sum(high - low) / (2 * 1.959964), 2)) AS deviation,
    sumForEach(arrayMap(bin -> toUInt64(least(9, floor(probability * 10)) = bin), range(10))) AS histogram
FROM current_scores
WHERE scenario = {scenario:String}
