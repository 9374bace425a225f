-- One row is one of today's customers with what is expected of them; {stage} empty is any stage.
SELECT
    told.customer_id AS customer_id,
    ifNull(people.name, '') AS name,
    ifNull(people.email, '') AS email,
    stage,
    told.orders AS orders,
    silence_days,
    alive,
    alive_low,
    alive_high,
    orders_30,
    orders_30_low,
    orders_30_high,
    orders_90,
    orders_90_low,
    orders_90_high,
    orders_365,
    orders_365_low,
    orders_365_high,
    average,
    orders_90 * average AS value_90,
    orders_365 * average AS value_365,
    silent_90,
    if(isNaN(next_days), NULL, next_days) AS next_days,
    if(isNaN(next_days_low), NULL, next_days_low) AS next_days_low,
    if(isNaN(next_days_high), NULL, next_days_high) AS next_days_high,
    toUnixTimestamp64Milli(as_of) AS at
FROM current_lifecycle AS told
LEFT JOIN (SELECT customer_id, name, email FROM customers) AS people ON people.customer_id = told.customer_id
WHERE {stage:String} = '' OR stage = {stage:String}
