-- One row: how many values of one key are shared, the pairs that they make, and how many were passed over as too common.
SELECT
    countIf(size BETWEEN 2 AND {block:UInt32}) AS blocks,
    toUInt64(sumIf(size * (size - 1) / 2, size BETWEEN 2 AND {block:UInt32})) AS pairs,
    countIf(size > {block:UInt32}) AS too_common
FROM (SELECT count() AS size FROM duplicates_people WHERE ({{key}}) != '' GROUP BY {{key}})
