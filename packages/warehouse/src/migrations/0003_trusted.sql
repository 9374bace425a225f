-- identity: one row maps one alias to the customer it belongs to; every alias ever seen has its row. An alias is a user
-- id, anon:ID for a visitor, email:ADDRESS or phone:NUMBER for an order that says no more of its buyer. Rebuilt by
-- preparation. `linked_at` is when the link became known (1970 for an alias that is the customer's own id): before it, a
-- feature may not use it.
CREATE TABLE identity
(
    alias String,
    customer_id String,
    linked_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY alias;

-- prepared_order_lines: one row is one order line after preparation. `reason` is empty for a line that counts, else the
-- step that dropped it. Rebuilt as a whole and exchanged, so that a reader never sees half of it.
CREATE TABLE prepared_order_lines
(
    line_key String,
    order_id String,
    -- the canonical customer; anon:ID for a visitor who never said who they are; basket:ORDER where nobody is known
    customer_id String,
    -- whether a person is known: false for anon: and basket:
    known Bool,
    product_id String,
    description String,
    -- negative for a return
    quantity Float64,
    -- in the shop's currency, and so is amount = quantity x unit_price
    unit_price Float64,
    amount Float64,
    currency LowCardinality(String),
    country LowCardinality(String),
    at DateTime64(3, 'UTC'),
    -- the day in the shop's time zone
    day Date,
    -- when this line was known to be this customer's: the later of its arrival and of the identity link
    received_at DateTime64(3, 'UTC'),
    kind Enum8('sale' = 1, 'return' = 2),
    -- for a return, the line_key of the sale that it takes back
    returns_line String,
    reason LowCardinality(String),
    flags Array(LowCardinality(String))
)
ENGINE = MergeTree
PARTITION BY toYear(at)
ORDER BY (customer_id, at, order_id, line_key);

-- sales and returns: the lines that count, each at its own moment, so that nothing as of a moment knows of a later return.
CREATE VIEW sales AS SELECT * FROM prepared_order_lines WHERE reason = '' AND kind = 'sale';
CREATE VIEW returns AS SELECT * FROM prepared_order_lines WHERE reason = '' AND kind = 'return';

-- customers: one row is one known customer, with the last thing said of each field. `aliases` has every id they are
-- known by, their own among them; `revenue` is net of returns. Rebuilt by preparation.
CREATE TABLE customers
(
    customer_id String,
    email String,
    phone String,
    name String,
    gender LowCardinality(String),
    age Nullable(Float64),
    income Nullable(Float64),
    country LowCardinality(String),
    city String,
    language LowCardinality(String),
    timezone LowCardinality(String),
    created_at Nullable(DateTime64(3, 'UTC')),
    email_consent Nullable(UInt8),
    traits String CODEC(ZSTD(3)),
    aliases Array(String),
    first_order_at Nullable(DateTime64(3, 'UTC')),
    last_order_at Nullable(DateTime64(3, 'UTC')),
    orders UInt64,
    revenue Float64
)
ENGINE = MergeTree
ORDER BY customer_id;

-- preparation_runs, quality_runs: one row is one run's report, as JSON text.
CREATE TABLE preparation_runs (at DateTime64(3, 'UTC'), report String CODEC(ZSTD(3))) ENGINE = MergeTree ORDER BY at;
CREATE TABLE quality_runs (at DateTime64(3, 'UTC'), report String CODEC(ZSTD(3))) ENGINE = MergeTree ORDER BY at;
