-- One row is one order of a known customer by the moment {as_of}.
SELECT
    customer_id,
    order_id AS key,
    min(prepared.at) AS at,
    sum(prepared.amount) AS amount,
    sum(prepared.quantity) AS quantity,
    toFloat64(count()) AS lines,
    argMin(prepared.country, line_key) AS country,
    toString(toDayOfWeek(min(prepared.at), 0, {zone:String})) AS weekday,
    toString(toHour(min(prepared.at), {zone:String})) AS hour
FROM prepared_order_lines AS prepared
WHERE reason = '' AND kind = 'sale' AND known
    AND prepared.at <= {as_of:DateTime64(3, 'UTC')} AND received_at <= {as_of:DateTime64(3, 'UTC')}
    AND /* only customer_id */
GROUP BY customer_id, order_id
