-- One row is those of one arm who entered on one day and bought first on one day (or not yet): how many they are, what
-- they ordered and spent within `days` of entering and not after `as_of`, with the sums of squares that a variance
-- needs. Everybody assigned counts, written to or not. Ids that were merged since count once, by the earlier decision.
-- What was returned within the same window is taken off.
WITH
    assigned AS
    (
        SELECT if(link.customer_id = '', decision.customer_id, link.customer_id) AS customer,
            argMin(decision.arm, (decision.at, decision.customer_id)) AS arm, min(decision.at) AS entered,
            argMin(if(decision.arm = 'holdout', propensity, 1 - propensity), (decision.at, decision.customer_id)) AS held_share
        FROM (SELECT * FROM decisions FINAL WHERE subject = {subject:String} AND at <= {as_of:DateTime64(3, 'UTC')}) AS decision
        LEFT JOIN identity AS link ON link.alias = decision.customer_id
        GROUP BY customer
    ),
    bought AS
    (
        SELECT customer, sale.line_key AS line_key, sale.order_id AS order_id, sale.amount AS amount, sale.at AS at,
            least(entered + toIntervalDay({days:UInt16}), {as_of:DateTime64(3, 'UTC')}) AS until
        FROM sales AS sale
        INNER JOIN assigned ON assigned.customer = sale.customer_id
        WHERE sale.at >= entered AND sale.at <= until
    ),
    taken_back AS
    (
        SELECT bought.customer AS customer, sum(back.amount) AS amount
        FROM returns AS back
        INNER JOIN bought ON bought.line_key = back.returns_line
        WHERE back.at <= until
        GROUP BY customer
    ),
    spent AS
    (
        SELECT customer, uniqExact(order_id) AS orders, sum(amount) AS amount, min(at) AS first_at
        FROM bought
        GROUP BY customer
    )
SELECT
    arm,
    toDate(entered) AS entered_on,
    if(spent.orders > 0, toNullable(toDate(spent.first_at)), NULL) AS bought_on,
    count() AS customers,
    sum(held_share) AS expected_holdout,
    sum(spent.orders) AS orders,
    sum(toFloat64(spent.orders) * spent.orders) AS orders_squared,
    sum(spent.amount + taken_back.amount) AS revenue,
    sum(pow(spent.amount + taken_back.amount, 2)) AS revenue_squared
FROM assigned
LEFT JOIN spent ON spent.customer = assigned.customer
LEFT JOIN taken_back ON taken_back.customer = assigned.customer
GROUP BY arm, entered_on, bought_on
ORDER BY arm, entered_on, bought_on
