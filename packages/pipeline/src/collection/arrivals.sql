-- One row: what came in so far.
SELECT
    (SELECT count() FROM events) AS events_total,
    (SELECT uniqExact(order_id) FROM order_lines WHERE quantity > 0) AS orders_total,
    (SELECT count() FROM quarantine WHERE id NOT IN (SELECT id FROM quarantine_replays WHERE accepted)) AS quarantined,
    (SELECT if(count() = 0, NULL, max(received_at)) FROM events) AS last_received_at
