-- audience_members: one row is one customer entering (+1) or leaving (-1) an audience; inside are those whose sum is
-- above zero. `computation` counts the audience's computations, so that a reader finds what is new.
CREATE TABLE audience_members
(
    audience_id String,
    computation UInt32,
    customer_id String,
    at DateTime64(3, 'UTC'),
    change Int8
)
ENGINE = MergeTree
ORDER BY (audience_id, customer_id, computation)
SETTINGS non_replicated_deduplication_window = 1000;

-- decisions: one row is one choice made for a customer, with the probability with which it was made. A journey's
-- are its arms: subject journey:ID, decision_id its enrolment. May be told twice: read with FINAL.
CREATE TABLE decisions
(
    decision_id String,
    customer_id String,
    subject LowCardinality(String),
    arm LowCardinality(String),
    propensity Float64,
    at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(at)
ORDER BY (subject, customer_id, decision_id)
SETTINGS non_replicated_deduplication_window = 1000;

-- deliveries: one row is one thing that happened to a message: sent, refused, failed, unknown, dry_run, opened, clicked,
-- unsubscribed. May be told twice: read with FINAL.
CREATE TABLE deliveries
(
    message_key String,
    journey_id String,
    node LowCardinality(String),
    customer_id String,
    channel LowCardinality(String),
    what LowCardinality(String),
    reason LowCardinality(String),
    at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(at)
PARTITION BY toYYYYMM(at)
ORDER BY (journey_id, customer_id, message_key, what)
SETTINGS non_replicated_deduplication_window = 1000;
