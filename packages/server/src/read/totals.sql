-- One row: the size of the shop, and how many known customers bought within the last horizon.
SELECT
    (SELECT count() FROM customers) AS customers,
    uniqExactIf(order_id, kind = 'sale') AS orders,
    round(sum(amount), 2) AS revenue,
    uniqExactIf(customer_id, kind = 'sale' AND known
        AND at > {as_of:DateTime64(3, 'UTC')} - toIntervalDay({days:UInt16}) AND at <= {as_of:DateTime64(3, 'UTC')}) AS recent_buyers
FROM prepared_order_lines
WHERE reason = ''
