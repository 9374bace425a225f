-- recommendations: one row is one product recommended to one customer by one version as of one moment, `rank` from 1. Each
-- run is a partition of its own, so that an old one is dropped at once when a later is whole.
CREATE TABLE IF NOT EXISTS recommendations
(
    version UInt32,
    as_of DateTime64(3, 'UTC'),
    made_at DateTime64(3, 'UTC'),
    customer_id String,
    rank UInt8,
    product_id String,
    score Float32,
    source LowCardinality(String)
)
ENGINE = MergeTree
PARTITION BY toUnixTimestamp64Milli(made_at)
ORDER BY (customer_id, rank)
SETTINGS non_replicated_deduplication_window = 1000;

-- current_recommendations: the rows of the last run that finished; its row in score_runs is the last that it writes.
CREATE OR REPLACE VIEW current_recommendations AS
SELECT *
FROM recommendations
WHERE made_at = (SELECT max(scored_at) FROM score_runs WHERE scenario = 'recommendation');
