-- One row is one event that arrived within the window: its id's two hashes, oldest first, the newest `most` of them.
SELECT h1, h2
FROM
(
    SELECT murmurHash3_32(event_id) AS h1, murmurHash2_32(event_id) AS h2, received_at
    FROM events
    WHERE received_at >= {since:DateTime64(3, 'UTC')}
    ORDER BY received_at DESC
    LIMIT {most:UInt64}
)
ORDER BY received_at
FORMAT RowBinary
