-- One row: where the scenario's scores stand. The version, the count and the moments are of the last finished run; drift is
-- of the last one over everybody, since those who changed are no sample of all. None where nothing was scored yet.
SELECT
    last.version AS version,
    last.as_of AS as_of,
    last.scored_at AS scored_at,
    last.customers AS customers,
    whole.drift AS drift,
    whole.drifted AS drifted,
    whole.score_drift AS score_drift
FROM (SELECT * FROM score_runs WHERE scenario = {scenario:String} ORDER BY scored_at DESC LIMIT 1) AS last
CROSS JOIN
(
    SELECT * FROM score_runs WHERE scenario = {scenario:String} AND NOT partial ORDER BY scored_at DESC LIMIT 1
) AS whole
