-- One row is the id of an event that arrived within the window and whose hash is one of those asked for.
SELECT event_id
FROM events
WHERE received_at >= {since:DateTime64(3, 'UTC')} AND murmurHash3_32(event_id) IN (/* HASHES */)
