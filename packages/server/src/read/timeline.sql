-- One row is one thing that one customer did or that was done to them; `detail` is JSON text of an object.
WITH subjects AS
(
    SELECT arrayJoin(arrayDistinct(arrayPushBack(aliases, customer_id))) AS subject FROM customers WHERE customer_id = {id:String}
)
SELECT at, kind, name, detail FROM
(
    -- an order is told by its lines, below
    SELECT at, 'event' AS kind, if(subject_events.name = '', type, subject_events.name) AS name, properties AS detail
    FROM subject_events
    WHERE subject IN (SELECT subject FROM subjects) AND subject_events.name != 'Order Completed'

    UNION ALL
    SELECT
        min(prepared_order_lines.at) AS at,
        if(prepared_order_lines.kind = 'sale', 'order', 'return') AS kind,
        order_id AS name,
        toJSONString(CAST(
            (order_id, round(sum(amount), 2), any(currency), count(), groupArray(20)(description)),
            'Tuple(order_id String, amount Float64, currency String, lines UInt64, products Array(String))')) AS detail
    FROM prepared_order_lines
    WHERE customer_id = {id:String} AND reason = ''
    GROUP BY order_id, prepared_order_lines.kind

    UNION ALL
    SELECT
        deliveries.at AS at, 'message' AS kind, what AS name,
        toJSONString(CAST((journey_id, node, channel, reason), 'Tuple(journey_id String, node String, channel String, reason String)')) AS detail
    FROM deliveries FINAL
    WHERE customer_id = {id:String}

    UNION ALL
    SELECT
        scored_at AS at, 'score' AS kind, scenario AS name,
        toJSONString(CAST((probability, version, chosen), 'Tuple(probability Float32, version UInt32, chosen Bool)')) AS detail
    FROM scores FINAL
    WHERE customer_id = {id:String}
)
