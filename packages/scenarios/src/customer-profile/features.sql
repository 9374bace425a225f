-- One row is one known customer with a sale before the moment {as_of}. It reads only what had happened and had arrived
-- by then. NaN is not known: what was looked at and opened is known only where the shop tells of visits and e-mails.
WITH
    lines AS
    (
        SELECT customer_id, order_id, product_id, quantity, unit_price, amount, at
        FROM sales
        WHERE known AND at <= {as_of:DateTime64(3, 'UTC')} AND received_at <= {as_of:DateTime64(3, 'UTC')}
    ),
    usual AS
    (
        SELECT product_id, quantileExact(0.5)(unit_price) AS price FROM lines GROUP BY product_id
    ),
    orders AS
    (
        SELECT
            customer_id,
            min(at) AS at,
            sum(amount) AS worth,
            count() AS lines,
            dateDiff('second', at, {as_of:DateTime64(3, 'UTC')}) / 86400 AS age
        FROM lines
        GROUP BY customer_id, order_id
    ),
    by_order AS
    (
        SELECT
            customer_id,
            min(age) AS recency_days,
            max(age) AS tenure_days,
            count() AS orders,
            countIf(age < 90) AS orders_90,
            sum(worth) AS revenue,
            avg(worth) AS basket,
            avg(lines) AS lines_per_order,
            countIf(toDayOfWeek(at) > 5) / orders AS weekend_share
        FROM orders
        GROUP BY customer_id
    ),
    by_line AS
    (
        SELECT
            customer_id,
            uniqExact(lines.product_id) AS products,
            sum(amount) / greatest(sum(quantity), 0.01) AS price,
            round(1 - sum(amount) / greatest(sum(quantity * usual.price), 0.01), 5) AS discount
        FROM lines
        INNER JOIN usual ON usual.product_id = lines.product_id
        GROUP BY customer_id
    ),
    brought_back AS
    (
        SELECT customer_id, -sum(amount) AS worth
        FROM returns
        WHERE at <= {as_of:DateTime64(3, 'UTC')} AND received_at <= {as_of:DateTime64(3, 'UTC')}
        GROUP BY customer_id
    ),
    linked AS
    (
        SELECT alias, any(identity.customer_id) AS customer_id
        FROM identity
        WHERE linked_at <= {as_of:DateTime64(3, 'UTC')}
        GROUP BY alias
    ),
    visits AS
    (
        SELECT
            if(linked.customer_id != '', linked.customer_id, subject) AS visitor,
            countIf(name = 'Product Viewed' AND age < 30) AS views_30,
            countIf(name = 'Email Opened') AS opens_90
        FROM
        (
            -- an event that was told twice counts once
            SELECT subject, event_id, any(name) AS name, min(dateDiff('second', at, {as_of:DateTime64(3, 'UTC')}) / 86400) AS age
            FROM subject_events
            WHERE NOT bot
                AND at > {as_of:DateTime64(3, 'UTC')} - INTERVAL 90 DAY
                AND at <= {as_of:DateTime64(3, 'UTC')} AND received_at <= {as_of:DateTime64(3, 'UTC')}
            GROUP BY subject, event_id
        ) AS told
        LEFT JOIN linked ON linked.alias = told.subject
        GROUP BY visitor
    )
SELECT
    by_order.customer_id AS customer_id,
    recency_days,
    tenure_days,
    orders,
    orders_90,
    revenue,
    basket,
    lines_per_order,
    products,
    price,
    discount,
    weekend_share,
    least(1, greatest(0, brought_back.worth) / greatest(revenue, 0.01)) AS returned_share,
    views_30,
    opens_90
FROM by_order
INNER JOIN by_line ON by_line.customer_id = by_order.customer_id
LEFT JOIN brought_back ON brought_back.customer_id = by_order.customer_id
LEFT JOIN visits ON visits.visitor = by_order.customer_id
