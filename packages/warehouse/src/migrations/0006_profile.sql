-- customer_traits: one row is what was computed of one known customer: numbers and texts by the name of their trait.
-- A count or sum that is absent is 0, anything else that is absent is not known; days since are kept as the moment (Unix
-- seconds) that they are counted from. The row with the latest computed_at counts: read with FINAL. From `due_at` on a
-- row has left some trait's window, so that the customer is computed again though nothing was told of them.
CREATE TABLE customer_traits
(
    customer_id String,
    as_of DateTime64(3, 'UTC'),
    computed_at DateTime64(3, 'UTC'),
    due_at DateTime64(3, 'UTC'),
    numbers Map(LowCardinality(String), Float64),
    texts Map(LowCardinality(String), String)
)
ENGINE = ReplacingMergeTree(computed_at)
ORDER BY customer_id
SETTINGS non_replicated_deduplication_window = 1000;

-- trait_runs: one row marks a computation that finished. `definitions` is the fingerprint of what was declared: when it
-- changes, everybody is computed again.
CREATE TABLE trait_runs
(
    as_of DateTime64(3, 'UTC'),
    computed_at DateTime64(3, 'UTC'),
    definitions String,
    whole Bool,
    customers UInt64
)
ENGINE = MergeTree
ORDER BY computed_at;

-- segments: one row is one customer in one run of the scenario customer-profile; rows of earlier runs tell how customers
-- moved. `closeness` is 1 at the centre of the segment and 0 at the border to the next; recency, frequency and monetary
-- are fifths, 5 the best.
CREATE TABLE segments
(
    version UInt32,
    as_of DateTime64(3, 'UTC'),
    scored_at DateTime64(3, 'UTC'),
    customer_id String,
    segment LowCardinality(String),
    distance Float32,
    closeness Float32,
    recency UInt8,
    frequency UInt8,
    monetary UInt8,
    rfm_group LowCardinality(String),
    recency_days Float32,
    orders Float32,
    revenue Float64
)
ENGINE = ReplacingMergeTree
ORDER BY (scored_at, customer_id)
SETTINGS non_replicated_deduplication_window = 1000;

-- current_segments: each customer's segment in the last finished run.
CREATE VIEW current_segments AS
SELECT segments.* FROM segments FINAL
WHERE scored_at = (SELECT max(scored_at) FROM score_runs WHERE scenario = 'customer-profile')
