-- One row: where a scenario's scores stand. None where no run over everybody has finished yet.
SELECT
    toUnixTimestamp64Milli(whole.scored_at) AS scored_at,
    whole.version AS version,
    whole.customers AS customers,
    -- when the lines that it read were prepared; 1970 where they never were
    toUnixTimestamp64Milli(prepared.newest) AS prepared_at,
    toUnixTimestamp64Milli(last.known_until) AS known_until
FROM
(
    SELECT * FROM score_runs WHERE scenario = {scenario:String} AND NOT partial ORDER BY scored_at DESC LIMIT 1
) AS whole
CROSS JOIN (SELECT known_until FROM score_runs WHERE scenario = {scenario:String} ORDER BY scored_at DESC LIMIT 1) AS last
CROSS JOIN
(
    SELECT max(at) AS newest FROM preparation_runs
    WHERE at <= (SELECT max(scored_at) FROM score_runs WHERE scenario = {scenario:String} AND NOT partial)
) AS prepared
