-- lifecycle_stages: one row is where one customer stood as of one moment, as one run found it, with the facts that the
-- rules ask. Changed rules change `stage` in place; the facts stay.
CREATE TABLE lifecycle_stages
(
    as_of DateTime64(3, 'UTC'),
    run DateTime64(3, 'UTC'),
    customer_id String,
    stage LowCardinality(String),
    orders Float32,
    silence_days Float32,
    silence_ratio Float32,
    tenure_days Float32,
    last_gap_days Float32,
    return_ratio Float32,
    alive Float32
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(as_of)
ORDER BY (as_of, run, customer_id)
SETTINGS non_replicated_deduplication_window = 1000;

-- lifecycle_values: one row is what is expected of one customer after one run's moment. `low` and `high` hold the count
-- itself; the next order is told of a customer who is not lost, in eight of ten cases between its bounds; NaN is never.
CREATE TABLE lifecycle_values
(
    run DateTime64(3, 'UTC'),
    customer_id String,
    alive_low Float32,
    alive_high Float32,
    orders_30 Float32,
    orders_30_low Float32,
    orders_30_high Float32,
    orders_30_variance Float32,
    orders_90 Float32,
    orders_90_low Float32,
    orders_90_high Float32,
    orders_90_variance Float32,
    orders_365 Float32,
    orders_365_low Float32,
    orders_365_high Float32,
    orders_365_variance Float32,
    silent_90 Float32,
    -- to be expected of one order, and the squared coefficient of variation of a single order's amount
    average Float32,
    amount_spread Float32,
    next_days Float32,
    next_days_low Float32,
    next_days_high Float32
)
ENGINE = MergeTree
ORDER BY (run, customer_id)
SETTINGS non_replicated_deduplication_window = 1000;

-- lifecycle_runs: one row marks a run that finished: `now` told of today's customers, `month` of those of a month's start.
CREATE TABLE lifecycle_runs
(
    as_of DateTime64(3, 'UTC'),
    run DateTime64(3, 'UTC'),
    kind Enum8('now' = 1, 'month' = 2),
    version UInt32,
    customers UInt64
)
ENGINE = MergeTree
ORDER BY (as_of, run)
SETTINGS non_replicated_deduplication_window = 1000;

-- lifecycle_history: where each customer stood as of each moment, in the moment's last finished run.
CREATE VIEW lifecycle_history AS
SELECT stages.*
FROM lifecycle_stages AS stages
INNER JOIN (SELECT as_of, max(lifecycle_runs.run) AS run FROM lifecycle_runs GROUP BY as_of) AS finished USING (as_of, run);

-- current_lifecycle: where each customer stands, and what is expected of them, in the last finished run.
CREATE VIEW current_lifecycle AS
SELECT *
FROM
(
    SELECT * FROM lifecycle_stages
    WHERE (as_of, run) IN (SELECT as_of, run FROM lifecycle_runs WHERE kind = 'now' ORDER BY run DESC LIMIT 1)
) AS stages
INNER JOIN lifecycle_values USING (run, customer_id);
