-- One row is one finished run over everybody, the newest first, with how far features and scores had moved.
SELECT version, as_of, scored_at, drift, noise, drifted, score_drift, score_noise
FROM score_runs
WHERE scenario = {scenario:String} AND NOT partial AND notEmpty(drift)
ORDER BY scored_at DESC
LIMIT 180
