-- One row is one arm on one surface (`*` is all of them): how many people were to be shown a list for the first time after
-- {since}, what became of their lists, and what they bought within {days} of the first one and not after {as_of}, returns
-- taken off, with the sums of squares and of products that variances over people need. Ids that were merged since count
-- once, in the arm of their first list.
WITH
    made AS
    (
        SELECT list.request_id AS request_id, if(link.customer_id = '', list.subject, link.customer_id) AS person,
            arrayJoin(['*', toString(list.surface)]) AS surface, list.arm AS arm,
            if(list.arm = 'holdout', list.propensity, 1 - list.propensity) AS held, list.at AS at
        FROM
        (
            SELECT * FROM recommendation_lists FINAL
            WHERE arm != '' AND at > {since:DateTime64(3, 'UTC')} AND at <= {as_of:DateTime64(3, 'UTC')}
        ) AS list
        LEFT JOIN identity AS link ON link.alias = list.subject
    ),
    acted AS
    (
        SELECT act.request_id AS request_id, max(act.what = 'shown') AS shown, max(act.what = 'clicked') AS clicked, max(act.what = 'opened') AS opened
        FROM recommendation_acts AS act
        WHERE act.at <= {as_of:DateTime64(3, 'UTC')} AND act.request_id IN (SELECT request_id FROM made)
        GROUP BY act.request_id
    ),
    assigned AS
    (
        SELECT made.surface AS on_surface, made.person AS customer, argMin(made.arm, (made.at, made.request_id)) AS in_arm,
            argMin(made.held, (made.at, made.request_id)) AS held_share, min(made.at) AS entered, count() AS lists,
            sum(acted.shown) AS shown, sum(acted.shown AND acted.clicked) AS clicked, sum(acted.opened) AS opened
        FROM made LEFT JOIN acted USING (request_id)
        GROUP BY on_surface, customer
    ),
    bought AS
    (
        SELECT assigned.on_surface AS bought_on, assigned.customer AS buyer, sale.line_key AS line_key, sale.order_id AS order_id,
            sale.amount AS amount, least(entered + toIntervalDay({days:UInt16}), {as_of:DateTime64(3, 'UTC')}) AS until
        FROM sales AS sale
        INNER JOIN assigned ON assigned.customer = sale.customer_id
        WHERE sale.at >= entered AND sale.at <= until
    ),
    taken_back AS
    (
        SELECT bought_on, buyer, sum(back.amount) AS amount
        FROM returns AS back
        INNER JOIN bought ON bought.line_key = back.returns_line
        WHERE back.at <= until
        GROUP BY bought_on, buyer
    ),
    spent AS
    (
        SELECT bought_on, buyer, uniqExact(order_id) AS orders, sum(bought.amount) AS amount
        FROM bought
        GROUP BY bought_on, buyer
    )
SELECT
    assigned.on_surface AS surface,
    assigned.in_arm AS arm,
    count() AS persons,
    sum(held_share) AS expected_holdout,
    sum(assigned.lists) AS lists,
    sum(assigned.opened) AS opened,
    sum(assigned.shown) AS shown,
    sum(assigned.clicked) AS clicked,
    sum(pow(assigned.shown, 2)) AS shown_squared,
    sum(pow(assigned.clicked, 2)) AS clicked_squared,
    sum(toFloat64(assigned.shown) * assigned.clicked) AS shown_clicked,
    countIf(assigned.shown > 0) AS viewers,
    countIf(spent.orders > 0) AS buyers,
    sum(spent.orders) AS orders,
    sum(spent.amount + taken_back.amount) AS revenue,
    sum(pow(spent.amount + taken_back.amount, 2)) AS revenue_squared,
    sum(pow(spent.amount + taken_back.amount, 3)) AS revenue_cubed
FROM assigned
LEFT JOIN spent ON spent.bought_on = assigned.on_surface AND spent.buyer = assigned.customer
LEFT JOIN taken_back ON taken_back.bought_on = assigned.on_surface AND taken_back.buyer = assigned.customer
GROUP BY surface, arm
ORDER BY surface, arm
