-- One row is one UTC day on which something arrived, of the last sixty such days: events taken, and rows refused.
SELECT toString(day) AS day, events, refused
FROM
(
    SELECT day, sum(event) AS events, sum(1 - event) AS refused
    FROM
    (
        SELECT toDate(received_at) AS day, 1 AS event FROM events
        UNION ALL
        SELECT toDate(at) AS day, 0 AS event FROM quarantine
    )
    GROUP BY day
    ORDER BY day DESC
    LIMIT 60
)
ORDER BY day
