-- One row: the scenario's last finished scoring. None where nothing was scored yet.
SELECT
    version,
    as_of,
    scored_at,
    customers,
    drift,
    drifted,
    score_drift
FROM score_runs
WHERE scenario = {scenario:String}
ORDER BY scored_at DESC
LIMIT 1
