-- One row is one finished run of a version in the shadow, the newest first.
SELECT
    scored_at,
    as_of,
    version,
    champion,
    customers,
    if(isNaN(rank_correlation), NULL, rank_correlation) AS rank_correlation,
    differing,
    drift,
    noise
FROM shadow_runs FINAL
WHERE scenario = {scenario:String} AND version = {version:UInt32}
ORDER BY scored_at DESC
LIMIT 90
