-- order_lines: one row is one line of an order, as told. A negative quantity or an order id that begins with C is a return.
-- `line_key` identifies the line across repeated imports; the first row told wins.
CREATE TABLE order_lines
(
    line_key String,
    order_id String,
    customer_id String,
    anonymous_id String,
    product_id String,
    description String,
    quantity Float64,
    unit_price Float64,
    currency LowCardinality(String),
    country LowCardinality(String),
    email String,
    phone String,
    at DateTime64(3, 'UTC'),
    received_at DateTime64(3, 'UTC'),
    source LowCardinality(String),
    import_id String,
    line UInt64
)
ENGINE = ReplacingMergeTree
PARTITION BY toYear(at)
ORDER BY (at, order_id, product_id, line_key)
SETTINGS non_replicated_deduplication_window = 1000;

-- "Order Completed" of the e-commerce specification becomes one line for each of its products.
CREATE MATERIALIZED VIEW order_lines_from_events TO order_lines AS
WITH
    JSONExtractArrayRaw(properties, 'products') AS products,
    coalesce(nullIf(JSONExtractString(properties, 'order_id'), ''), nullIf(JSONExtractString(properties, 'orderId'), ''), event_id) AS the_order
SELECT
    concat(event_id, ':', toString(n)) AS line_key,
    the_order AS order_id,
    user_id AS customer_id,
    anonymous_id,
    coalesce(nullIf(JSONExtractString(product, 'product_id'), ''), JSONExtractString(product, 'sku')) AS product_id,
    JSONExtractString(product, 'name') AS description,
    if(JSONHas(product, 'quantity'), JSONExtractFloat(product, 'quantity'), 1) AS quantity,
    JSONExtractFloat(product, 'price') AS unit_price,
    upper(JSONExtractString(properties, 'currency')) AS currency,
    '' AS country,
    '' AS email,
    '' AS phone,
    at,
    received_at,
    source,
    '' AS import_id,
    toUInt64(n) AS line
FROM events
ARRAY JOIN products AS product, arrayEnumerate(products) AS n
WHERE name = 'Order Completed';

-- customer_facts: one row is what one source said of a customer at one moment; empty is not said.
CREATE TABLE customer_facts
(
    customer_id String,
    at DateTime64(3, 'UTC'),
    received_at DateTime64(3, 'UTC'),
    source LowCardinality(String),
    email String,
    phone String,
    first_name String,
    last_name String,
    name String,
    gender LowCardinality(String),
    age Nullable(Float64),
    income Nullable(Float64),
    country LowCardinality(String),
    city String,
    language LowCardinality(String),
    timezone LowCardinality(String),
    created_at Nullable(DateTime64(3, 'UTC')),
    -- 1 granted, 0 denied, null not said
    email_consent Nullable(UInt8),
    traits String CODEC(ZSTD(3)),
    import_id String,
    line UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (customer_id, at, source, import_id, line)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW customer_facts_from_identify TO customer_facts AS
WITH JSONExtractString(properties, 'gender') AS said_gender
SELECT
    user_id AS customer_id,
    at,
    received_at,
    source,
    JSONExtractString(properties, 'email') AS email,
    JSONExtractString(properties, 'phone') AS phone,
    coalesce(nullIf(JSONExtractString(properties, 'firstName'), ''), JSONExtractString(properties, 'first_name')) AS first_name,
    coalesce(nullIf(JSONExtractString(properties, 'lastName'), ''), JSONExtractString(properties, 'last_name')) AS last_name,
    JSONExtractString(properties, 'name') AS name,
    said_gender AS gender,
    JSONExtract(properties, 'age', 'Nullable(Float64)') AS age,
    JSONExtract(properties, 'income', 'Nullable(Float64)') AS income,
    coalesce(nullIf(JSONExtractString(properties, 'address', 'country'), ''), JSONExtractString(properties, 'country')) AS country,
    coalesce(nullIf(JSONExtractString(properties, 'address', 'city'), ''), JSONExtractString(properties, 'city')) AS city,
    coalesce(nullIf(JSONExtractString(properties, 'language'), ''), JSONExtractString(properties, 'locale')) AS language,
    JSONExtractString(properties, 'timezone') AS timezone,
    parseDateTime64BestEffortOrNull(JSONExtractString(properties, 'createdAt'), 3, 'UTC') AS created_at,
    if(JSONHas(properties, 'emailConsent'), toNullable(toUInt8(JSONExtractBool(properties, 'emailConsent'))), NULL) AS email_consent,
    properties AS traits,
    event_id AS import_id,
    0 AS line
FROM events
WHERE type = 'identify' AND user_id != '';

-- products: one row is what one source said of a product at one moment.
CREATE TABLE products
(
    product_id String,
    at DateTime64(3, 'UTC'),
    received_at DateTime64(3, 'UTC'),
    source LowCardinality(String),
    title String,
    category String,
    brand String,
    price Nullable(Float64),
    cost Nullable(Float64),
    currency LowCardinality(String),
    stock Nullable(Float64),
    url String,
    image_url String,
    import_id String,
    line UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (product_id, at, source, import_id, line)
SETTINGS non_replicated_deduplication_window = 1000;

-- ad_performance: one row is one day of one ad for one audience on one platform.
CREATE TABLE ad_performance
(
    day Date,
    platform LowCardinality(String),
    campaign String,
    ad String,
    audience String,
    impressions UInt64,
    clicks UInt64,
    conversions Float64,
    cost Float64,
    value Float64,
    currency LowCardinality(String),
    received_at DateTime64(3, 'UTC'),
    source LowCardinality(String),
    import_id String,
    line UInt64
)
ENGINE = ReplacingMergeTree(received_at)
ORDER BY (platform, campaign, ad, audience, day)
SETTINGS non_replicated_deduplication_window = 1000;
