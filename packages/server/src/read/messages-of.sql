-- One row is one message to a customer with all that became of it, the last thing first.
SELECT
    message_key, any(journey_id) AS journey_id, any(channel) AS channel, min(deliveries.at) AS at,
    arrayReverseSort(thing -> thing.2, groupArray((what, deliveries.at, reason))) AS became
FROM deliveries FINAL
WHERE customer_id = {id:String} AND message_key != ''
GROUP BY message_key
ORDER BY at DESC
LIMIT 200
