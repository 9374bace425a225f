-- One row: the population stability index of one column between the earlier and the later half of its rows,
-- sum over bins of (later - earlier) x ln(later / earlier); half a row is added to each bin, so that none is empty.
-- Numbers fall between the deciles of the earlier half, text into its 20 most common values and the rest.
SELECT
    '{{column}}' AS column,
    arrayMap(rows -> (rows + 0.5) / (arraySum(early) + 0.5 * length(early)), early) AS earlier,
    arrayMap(rows -> (rows + 0.5) / (arraySum(late) + 0.5 * length(late)), late) AS later,
    if(arraySum(early) = 0 OR arraySum(late) = 0, NULL, arraySum(arrayMap((e, l) -> (l - e) * log(l / e), earlier, later))) AS drift
FROM
(
    SELECT groupArray(bin_early) AS early, groupArray(bin_late) AS late
    FROM
    (
        SELECT {{bin}} AS bin, countIf({{at}} < {middle:DateTime64(3, 'UTC')}) AS bin_early, countIf({{at}} >= {middle:DateTime64(3, 'UTC')}) AS bin_late
        FROM {{table}} GROUP BY bin
    )
)
