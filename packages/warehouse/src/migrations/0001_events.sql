-- events: one row is one event as a client or an importer told it, after validation. Never updated.
-- Sorted by name and time, for counting. Partitioned by when it arrived, so that a block lands whole or not at all.
CREATE TABLE events
(
    event_id String,
    type LowCardinality(String),
    name LowCardinality(String),
    user_id String,
    anonymous_id String,
    previous_id String,
    at DateTime64(3, 'UTC'),
    received_at DateTime64(3, 'UTC'),
    properties String CODEC(ZSTD(3)),
    context String CODEC(ZSTD(3)),
    source LowCardinality(String),
    bot Bool DEFAULT false,
    session_id String DEFAULT '',
    -- whom the event is about, as far as it says itself; `identity` maps it to a customer
    subject String MATERIALIZED if(user_id != '', user_id, concat('anon:', anonymous_id))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (name, at)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

-- subject_events: the same rows sorted by subject and time, for timelines and features.
CREATE TABLE subject_events
(
    subject String,
    at DateTime64(3, 'UTC'),
    received_at DateTime64(3, 'UTC'),
    event_id String,
    type LowCardinality(String),
    name LowCardinality(String),
    properties String CODEC(ZSTD(3)),
    source LowCardinality(String),
    bot Bool
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (subject, at)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW subject_events_feed TO subject_events AS
SELECT if(user_id != '', user_id, concat('anon:', anonymous_id)) AS subject, at, received_at, event_id, type, name, properties, source, bot
FROM events;

-- quarantine: one row is one event or line that was refused, with its reason; nothing is thrown away.
CREATE TABLE quarantine
(
    id String,
    source LowCardinality(String),
    import_id String,
    line UInt64,
    reason LowCardinality(String),
    detail String,
    raw String CODEC(ZSTD(3)),
    at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (at, id)
SETTINGS non_replicated_deduplication_window = 1000;

-- quarantine_replays: one row is one attempt to bring a refused row back; `accepted` ones leave the quarantine.
CREATE TABLE quarantine_replays
(
    id String,
    at DateTime64(3, 'UTC'),
    accepted Bool
)
ENGINE = MergeTree
ORDER BY (id, at)
SETTINGS non_replicated_deduplication_window = 1000;
