-- chosen_customers: one row is one customer whom a step is about; `choice` names the step. Dropped when it ends.
CREATE TABLE chosen_customers
(
    choice String,
    customer_id String
)
ENGINE = MergeTree
PARTITION BY choice
ORDER BY customer_id
SETTINGS non_replicated_deduplication_window = 1000;

-- features: one row is one customer's features for one scenario as of one moment, by customer, so that the newest of one
-- are found at once. NaN is missing.
DROP TABLE IF EXISTS features_by_customer;
CREATE TABLE features_by_customer
(
    scenario LowCardinality(String),
    as_of DateTime64(3, 'UTC'),
    customer_id String,
    names Array(LowCardinality(String)),
    values Array(Float32),
    computed_at DateTime64(3, 'UTC') DEFAULT as_of
)
ENGINE = ReplacingMergeTree(computed_at)
PARTITION BY scenario
ORDER BY (scenario, customer_id, as_of)
-- small steps: one customer's row is looked up
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 256;
INSERT INTO features_by_customer SETTINGS insert_deduplicate = 0
SELECT scenario, as_of, customer_id, names, values, as_of FROM features;
EXCHANGE TABLES features AND features_by_customer;
DROP TABLE features_by_customer;

-- scores: one row is what one run told of one customer, run by run: a run under way takes nothing from the one before.
-- Not `told` is a customer of whom nothing is told any more.
DROP VIEW IF EXISTS current_scores;
DROP TABLE IF EXISTS scores_by_run;
CREATE TABLE scores_by_run
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
    reasons Array(Tuple(feature LowCardinality(String), value Float32, effect Float32)),
    told Bool DEFAULT true
)
ENGINE = ReplacingMergeTree
PARTITION BY scenario
ORDER BY (scenario, scored_at, customer_id)
SETTINGS non_replicated_deduplication_window = 1000;
INSERT INTO scores_by_run (scenario, version, as_of, scored_at, customer_id, probability, low, high, chosen, reasons)
SETTINGS insert_deduplicate = 0
SELECT scenario, version, as_of, scored_at, customer_id, probability, low, high, chosen, reasons FROM scores FINAL;
EXCHANGE TABLES scores AND scores_by_run;
DROP TABLE scores_by_run;

-- score_runs: a partial run told of those only of whom something new was known. `known_until` is up to when all that had
-- arrived was seen; `noise` is what a stability index stays below by chance; `customers` counts who is told of after it.
ALTER TABLE score_runs
    ADD COLUMN IF NOT EXISTS partial Bool DEFAULT false,
    ADD COLUMN IF NOT EXISTS known_until DateTime64(3, 'UTC') DEFAULT as_of,
    ADD COLUMN IF NOT EXISTS noise Map(LowCardinality(String), Float32),
    ADD COLUMN IF NOT EXISTS score_noise Float32;

-- current_runs: each scenario's last finished run over everybody, and the partial ones that finished after it.
CREATE VIEW current_runs AS
SELECT run.scenario AS scenario, run.scored_at AS scored_at, run.partial AS partial
FROM score_runs AS run
INNER JOIN
(
    SELECT scenario, max(scored_at) AS whole FROM score_runs WHERE NOT partial GROUP BY scenario
) AS last ON last.scenario = run.scenario
WHERE run.scored_at >= last.whole;

-- current_scores: each customer's newest score in its scenario's current runs.
CREATE VIEW current_scores AS
SELECT
    scores.scenario AS scenario,
    version,
    as_of,
    scored_at,
    scores.customer_id AS customer_id,
    probability,
    low,
    high,
    chosen,
    reasons
FROM scores
LEFT JOIN
(
    SELECT scenario, customer_id, max(scored_at) AS newest
    FROM scores
    WHERE (scenario, scored_at) IN (SELECT scenario, scored_at FROM current_runs WHERE partial)
    GROUP BY scenario, customer_id
) AS changed ON changed.scenario = scores.scenario AND changed.customer_id = scores.customer_id
-- where nothing is joined, `newest` is the beginning of time
WHERE (scenario, scored_at) IN (SELECT scenario, scored_at FROM current_runs) AND told AND scored_at >= changed.newest;

-- shadow_scores: one row is what a version in the shadow of the champion told of one customer; no audience reads it.
CREATE TABLE shadow_scores
(
    scenario LowCardinality(String),
    version UInt32,
    scored_at DateTime64(3, 'UTC'),
    customer_id String,
    probability Float32,
    chosen Bool
)
ENGINE = ReplacingMergeTree
PARTITION BY scenario
ORDER BY (scenario, version, scored_at, customer_id)
SETTINGS non_replicated_deduplication_window = 1000;

-- shadow_runs: one row is how far a version in the shadow agreed with the champion in one finished run.
CREATE TABLE shadow_runs
(
    scenario LowCardinality(String),
    version UInt32,
    champion UInt32,
    as_of DateTime64(3, 'UTC'),
    scored_at DateTime64(3, 'UTC'),
    customers UInt64,
    -- Spearman's, of the probabilities; NaN where one of the two tells all the same
    rank_correlation Float64,
    -- share of customers whom one would contact and the other not
    differing Float64,
    -- population stability index between the two, and what it stays below by chance
    drift Float64,
    noise Float64
)
ENGINE = ReplacingMergeTree
ORDER BY (scenario, version, scored_at)
SETTINGS non_replicated_deduplication_window = 1000;
