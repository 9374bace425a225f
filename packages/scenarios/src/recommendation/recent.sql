-- One row is one event that tells of a product, of the last hour, that arrived after {arrived_after}.
SELECT event_id, name, user_id, anonymous_id, properties, toUnixTimestamp64Milli(at) AS at_ms
FROM events
WHERE NOT bot AND name IN {names:Array(String)}
    AND at > {arrived_after:DateTime64(3, 'UTC')} - INTERVAL 1 HOUR
    AND received_at > {arrived_after:DateTime64(3, 'UTC')}
ORDER BY received_at
LIMIT 100000
