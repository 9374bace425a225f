-- One row is one event of a known customer by the moment {as_of}; one that was told twice counts once. What a visitor did
-- belongs to the customer from when the link between them is known.
SELECT
    linked.customer_id AS customer_id,
    told.key AS key,
    told.at AS at,
    told.name AS name,
    told.properties AS properties
FROM
(
    SELECT subject, event_id AS key, min(heard.at) AS at, any(heard.name) AS name, any(heard.properties) AS properties
    FROM subject_events AS heard
    WHERE NOT bot AND heard.name IN {events:Array(String)}
        AND heard.at <= {as_of:DateTime64(3, 'UTC')} AND received_at <= {as_of:DateTime64(3, 'UTC')}
        AND /* only subject */
    GROUP BY subject, event_id
) AS told
INNER JOIN
(
    SELECT alias, any(links.customer_id) AS customer_id
    FROM identity AS links
    WHERE linked_at <= {as_of:DateTime64(3, 'UTC')}
        AND NOT startsWith(links.customer_id, 'anon:') AND NOT startsWith(links.customer_id, 'basket:')
    GROUP BY alias
) AS linked ON linked.alias = told.subject
