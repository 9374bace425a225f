-- One row is one customer of whom something became known after {since} and by {until}: a line of an order, an event, or
-- who is behind an alias. A row is known from the later of when it happened and when it arrived.
SELECT customer_id, max(known_at) AS known_at
FROM
(
    SELECT customer_id, greatest(at, received_at) AS known_at
    FROM prepared_order_lines
    WHERE known AND known_at > {since:DateTime64(3, 'UTC')} AND known_at <= {until:DateTime64(3, 'UTC')}
    UNION ALL
    SELECT if(identity.customer_id != '', identity.customer_id, told.subject) AS customer_id, told.known_at AS known_at
    FROM
    (
        SELECT subject, max(greatest(at, received_at)) AS known_at
        FROM events
        -- by arrival first, which is how the table is cut; no client's clock is taken to be further ahead
        WHERE received_at > {since:DateTime64(3, 'UTC')} - INTERVAL 2 DAY
            AND NOT bot
            AND greatest(at, received_at) > {since:DateTime64(3, 'UTC')}
            AND greatest(at, received_at) <= {until:DateTime64(3, 'UTC')}
        GROUP BY subject
    ) AS told
    LEFT JOIN identity ON identity.alias = told.subject
    UNION ALL
    -- who was somebody of their own before is told of no more
    SELECT arrayJoin([customer_id, alias]) AS customer_id, linked_at AS known_at
    FROM identity
    WHERE linked_at > {since:DateTime64(3, 'UTC')} AND linked_at <= {until:DateTime64(3, 'UTC')}
)
GROUP BY customer_id
