-- One row is one customer of whom something happened or became known after {since} and by {as_of}, of whom a row has left
-- a window by {as_of}, or whom a person's decision touched.
SELECT DISTINCT customer_id FROM
(
    SELECT customer_id FROM prepared_order_lines
    WHERE known AND greatest(at, received_at) > {since:DateTime64(3, 'UTC')}
        AND greatest(at, received_at) <= {as_of:DateTime64(3, 'UTC')}
    UNION ALL
    SELECT customer_id FROM prepared_order_lines
    WHERE known AND product_id IN
    (
        SELECT product_id FROM products
        WHERE greatest(at, received_at) > {since:DateTime64(3, 'UTC')} AND greatest(at, received_at) <= {as_of:DateTime64(3, 'UTC')}
    )
    UNION ALL
    SELECT customer_id FROM identity
    WHERE linked_at <= {as_of:DateTime64(3, 'UTC')} AND
    (
        linked_at > {since:DateTime64(3, 'UTC')} OR alias IN
        (
            SELECT subject FROM subject_events
            WHERE greatest(at, received_at) > {since:DateTime64(3, 'UTC')} AND greatest(at, received_at) <= {as_of:DateTime64(3, 'UTC')}
        )
    )
    UNION ALL
    SELECT customer_id FROM customer_traits FINAL WHERE due_at <= {as_of:DateTime64(3, 'UTC')}
    UNION ALL
    SELECT arrayJoin({touched:Array(String)}) AS customer_id
)
