-- One row is one alias ever seen, with its customer and since when the link is known.
-- People are told apart by ids they were given; a visitor (anonymous id) belongs to the first person seen with it, and
-- never joins two people: a shared computer is not a person.
INSERT INTO {identity:Identifier} (alias, customer_id, linked_at)
WITH
    toDateTime64(0, 3, 'UTC') AS always,
    seen AS
    (
        SELECT user_id AS alias FROM events WHERE user_id != ''
        UNION DISTINCT SELECT alias FROM ({{told}}) WHERE alias != '' AND NOT startsWith(alias, 'anon:')
        UNION DISTINCT SELECT customer_id AS alias FROM customer_facts WHERE customer_id != ''
        UNION DISTINCT SELECT alias FROM {people:Identifier}
    ),
    previous AS (SELECT previous_id, user_id, at, received_at FROM events WHERE type = 'alias' AND previous_id != '' AND user_id != ''),
    visits AS
    (
        SELECT anonymous_id, user_id, at, received_at FROM events WHERE anonymous_id != ''
        UNION ALL SELECT previous_id, user_id, at, received_at FROM previous
        WHERE previous_id IN (SELECT anonymous_id FROM events WHERE anonymous_id IN (SELECT previous_id FROM previous))
        UNION ALL SELECT anonymous_id, '', at, received_at FROM order_lines WHERE anonymous_id != ''
    ),
    visitors AS
    (
        SELECT
            concat('anon:', anonymous_id) AS alias,
            argMinIf(user_id, (received_at, at, user_id), user_id != '') AS person,
            minIf(received_at, user_id != '') AS met_at
        FROM visits
        GROUP BY anonymous_id
    )
SELECT alias, if(customer_id = '', alias, customer_id), if(customer_id = '', always, linked_at)
FROM seen LEFT JOIN {people:Identifier} AS people USING (alias)
UNION ALL
SELECT
    visitors.alias,
    multiIf(person = '', visitors.alias, customer_id = '', person, customer_id),
    if(person = '', always, greatest(met_at, linked_at))
FROM visitors LEFT JOIN {people:Identifier} AS people ON people.alias = visitors.person
