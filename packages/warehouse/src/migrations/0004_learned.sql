-- features: one row is one subject's features for one scenario as of one moment. NaN is missing.
CREATE TABLE features
(
    scenario LowCardinality(String),
    as_of DateTime64(3, 'UTC'),
    customer_id String,
    names Array(LowCardinality(String)),
    values Array(Float32)
)
ENGINE = ReplacingMergeTree
PARTITION BY scenario
ORDER BY (scenario, as_of, customer_id)
SETTINGS non_replicated_deduplication_window = 1000;

-- scores: one row is one customer's score by one version as of one moment.
CREATE TABLE scores
(
    scenario LowCardinality(String),
    version UInt32,
    as_of DateTime64(3, 'UTC'),
    scored_at DateTime64(3, 'UTC'),
    customer_id String,
    probability Float32,
    low Float32,
    high Float32,
    chosen Bool,
    -- value NaN where the feature is missing; effect in percentage points of probability
    reasons Array(Tuple(feature LowCardinality(String), value Float32, effect Float32))
)
ENGINE = ReplacingMergeTree(scored_at)
PARTITION BY scenario
ORDER BY (scenario, customer_id, as_of, version)
SETTINGS non_replicated_deduplication_window = 1000;

-- score_runs: one row marks a scoring that finished; readers take the last one, never half of the next.
CREATE TABLE score_runs
(
    scenario LowCardinality(String),
    version UInt32,
    as_of DateTime64(3, 'UTC'),
    scored_at DateTime64(3, 'UTC'),
    customers UInt64,
    -- population stability index of each feature against what the version was learned from
    drift Map(LowCardinality(String), Float32),
    -- the features that moved beyond noise
    drifted Array(LowCardinality(String)),
    score_drift Float32
)
ENGINE = MergeTree
ORDER BY (scenario, scored_at);

-- current_scores: each customer's score in the scenario's last finished run.
CREATE VIEW current_scores AS
SELECT scores.*
FROM scores FINAL
INNER JOIN
(
    SELECT scenario, argMax(run.version, run.scored_at) AS version, argMax(run.as_of, run.scored_at) AS as_of, max(run.scored_at) AS scored_at
    FROM score_runs AS run GROUP BY scenario
) AS latest USING (scenario, version, as_of, scored_at);
