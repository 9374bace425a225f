-- recommendation_lists: one row is one list of products that was made for one person, in the order of their positions, with
-- the arm of the hold-out in which it was made and the probability of that arm. `arm` is empty where nobody was drawn: a
-- caller of the API who told only what it showed. May be told twice: read with FINAL.
CREATE TABLE recommendation_lists
(
    request_id String,
    subject String,
    surface LowCardinality(String),
    arm LowCardinality(String),
    propensity Float64,
    kind LowCardinality(String),
    version UInt32,
    products Array(String),
    at DateTime64(3, 'UTC'),
    received_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (subject, request_id)
SETTINGS non_replicated_deduplication_window = 1000;

-- Only this server says in which arm a list was made: pages hold a public key and could say anything.
CREATE MATERIALIZED VIEW recommendation_lists_feed TO recommendation_lists AS
WITH name = 'Recommendation Served' AS is_served
SELECT
    JSONExtractString(properties, 'request_id') AS request_id,
    if(user_id != '', user_id, concat('anon:', anonymous_id)) AS subject,
    JSONExtractString(properties, 'surface') AS surface,
    if(is_served, JSONExtractString(properties, 'arm'), '') AS arm,
    if(is_served, JSONExtractFloat(properties, 'propensity'), 1) AS propensity,
    JSONExtractString(properties, 'kind') AS kind,
    toUInt32(JSONExtractUInt(properties, 'version')) AS version,
    arrayMap(product -> JSONExtractString(product, 'product_id'), JSONExtractArrayRaw(properties, 'products')) AS products,
    at,
    received_at
FROM events
WHERE NOT bot AND JSONExtractString(properties, 'request_id') != ''
    AND (name = 'Recommendation Served' AND source IN ('recommendations', 'engagement')
        OR name = 'Recommendation Shown' AND JSONHas(properties, 'products'));

-- recommendation_acts: one row is one thing that happened to a list: it was shown, opened (the message that it stood in) or
-- one product of it clicked; `product_id` is empty for the first two. May be told twice: read with FINAL.
CREATE TABLE recommendation_acts
(
    request_id String,
    what Enum8('shown' = 1, 'opened' = 2, 'clicked' = 3),
    product_id String,
    subject String,
    at DateTime64(3, 'UTC'),
    received_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (request_id, what, product_id)
SETTINGS non_replicated_deduplication_window = 1000;

-- A list in a message counts as shown when it is sent, and its links carry the list and the product.
CREATE MATERIALIZED VIEW recommendation_acts_feed TO recommendation_acts AS
WITH JSONExtractString(properties, 'link_url') AS link
SELECT
    multiIf(
        name = 'Email Link Clicked', decodeURLComponent(extractURLParameter(link, 'bw_list')),
        name = 'Email Opened', concat('mail:', JSONExtractString(properties, 'message_id')),
        JSONExtractString(properties, 'request_id')) AS request_id,
    multiIf(name = 'Email Opened', 'opened', name IN ('Recommendation Clicked', 'Email Link Clicked'), 'clicked', 'shown') AS what,
    multiIf(
        name = 'Email Link Clicked', decodeURLComponent(extractURLParameter(link, 'bw_product')),
        name = 'Recommendation Clicked', JSONExtractString(properties, 'product_id'),
        '') AS product_id,
    if(user_id != '', user_id, concat('anon:', anonymous_id)) AS subject,
    at,
    received_at
FROM events
WHERE NOT bot AND (name IN ('Recommendation Shown', 'Recommendation Clicked')
    OR name = 'Recommendation Served' AND source = 'engagement' AND JSONExtractBool(properties, 'shown')
    OR name = 'Email Link Clicked' AND position(JSONExtractString(properties, 'link_url'), 'bw_list=') > 0
    OR name = 'Email Opened');

-- recommendation_impressions: one row is one product of one list that was seen, with its position from 1.
CREATE VIEW recommendation_impressions AS
SELECT list.request_id AS request_id, subject, surface, arm, propensity, kind, version, product_id, position, seen.at AS at
FROM (SELECT * FROM recommendation_lists FINAL) AS list
INNER JOIN (SELECT request_id, min(recommendation_acts.at) AS at FROM recommendation_acts WHERE what = 'shown' GROUP BY request_id) AS seen
    USING (request_id)
ARRAY JOIN products AS product_id, arrayEnumerate(products) AS position;
