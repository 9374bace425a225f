-- audience_members: one row is one customer entering (+1) or leaving (-1) an audience.
CREATE TABLE audience_members
(
    audience_id String,
    customer_id String,
    at DateTime64(3, 'UTC'),
    change Int8
)
ENGINE = MergeTree
ORDER BY (audience_id, customer_id, at)
SETTINGS non_replicated_deduplication_window = 1000;

-- decisions: one row is one choice made for a customer, with the probability with which it was made.
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

-- deliveries: one row is one thing that happened to a message: sent, delivered, opened, clicked, unsubscribed, refused …
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
