-- One row is one known customer with a sale before the moment {as_of}. It reads only what had happened and had arrived
-- by then. NaN is not known: a gap between orders needs two orders, a season a year ago needs a year. Where only some
-- customers are asked for, `chosen` has them, and only what belongs to the whole shop is read of everybody.
WITH
    lines AS
    (
        SELECT customer_id, order_id, product_id, amount, country, at
        FROM sales
        WHERE known AND at <= {as_of:DateTime64(3, 'UTC')} AND received_at <= {as_of:DateTime64(3, 'UTC')}
            AND ({everybody:Bool} OR customer_id IN (SELECT customer_id FROM chosen))
    ),
    home AS
    (
        SELECT argMax(country, (n, country)) AS country
        FROM
        (
            SELECT country, count() AS n
            FROM sales
            WHERE known AND at <= {as_of:DateTime64(3, 'UTC')} AND received_at <= {as_of:DateTime64(3, 'UTC')}
            GROUP BY country
        )
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
            countIf(age < 30) AS orders_30,
            countIf(age < 60) AS orders_60,
            countIf(age < 90) AS orders_90,
            countIf(age < 180) AS orders_180,
            sum(worth) AS revenue,
            sumIf(worth, age < 90) AS revenue_90,
            avg(worth) AS basket,
            avg(lines) AS lines_per_order,
            if(orders > 1, (tenure_days - recency_days) / (orders - 1), nan) AS gap_days,
            countIf(toDayOfWeek(at) > 5) / orders AS weekend_share,
            if(tenure_days >= 365, countIf(age > 335 AND age <= 365), nan) AS orders_same_season
        FROM orders
        GROUP BY customer_id
    ),
    by_line AS
    (
        SELECT
            customer_id,
            uniqExact(product_id) AS products,
            argMax(country, (at, order_id, product_id)) = (SELECT country FROM home) AS at_home
        FROM lines
        GROUP BY customer_id
    ),
    brought_back AS
    (
        SELECT customer_id, -sum(amount) AS worth
        FROM returns
        WHERE at <= {as_of:DateTime64(3, 'UTC')} AND received_at <= {as_of:DateTime64(3, 'UTC')}
            AND ({everybody:Bool} OR customer_id IN (SELECT customer_id FROM chosen))
        GROUP BY customer_id
    ),
    linked AS
    (
        SELECT alias, any(owner) AS customer_id
        FROM (SELECT alias, customer_id AS owner, linked_at FROM identity)
        WHERE linked_at <= {as_of:DateTime64(3, 'UTC')}
            AND ({everybody:Bool} OR owner IN (SELECT customer_id FROM chosen))
        GROUP BY alias
    ),
    visits AS
    (
        SELECT
            if(linked.customer_id != '', linked.customer_id, subject) AS visitor,
            minIf(age, type IN ('page', 'screen') OR name LIKE 'Product %' OR name LIKE 'Cart %') AS visit_days,
            countIf(type = 'page' AND age < 30) AS pages_30,
            countIf(name = 'Product Viewed' AND age < 7) AS views_7,
            countIf(name = 'Product Viewed' AND age < 30) AS views_30,
            countIf(name = 'Product Added' AND age < 30) AS added_30,
            countIf(name = 'Email Opened' AND age < 30) AS opens_30,
            countIf(name = 'Email Link Clicked' AND age < 30) AS clicks_30,
            countIf(type IN ('page', 'screen') OR name LIKE 'Product %' OR name LIKE 'Cart %') AS seen
        FROM
        (
            -- an event that was told twice counts once
            SELECT
                subject,
                event_id,
                any(type) AS type,
                any(name) AS name,
                min(dateDiff('second', at, {as_of:DateTime64(3, 'UTC')}) / 86400) AS age
            FROM subject_events
            WHERE NOT bot
                AND at > {as_of:DateTime64(3, 'UTC')} - INTERVAL 90 DAY
                AND at <= {as_of:DateTime64(3, 'UTC')} AND received_at <= {as_of:DateTime64(3, 'UTC')}
                -- a subject is an alias, or the customer itself
                AND ({everybody:Bool} OR subject IN (SELECT alias FROM linked UNION ALL SELECT customer_id FROM chosen))
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
    orders_30,
    orders_60,
    orders_90,
    orders_180,
    revenue,
    revenue_90,
    basket,
    lines_per_order,
    products,
    gap_days,
    recency_days / greatest(gap_days, 1) AS gap_ratio,
    orders / greatest(tenure_days / 30, 1) AS orders_per_month,
    weekend_share,
    orders_same_season,
    least(1, greatest(0, brought_back.worth) / greatest(revenue, 0.01)) AS returned_share,
    at_home,
    if(seen > 0, visit_days, nan) AS visit_days,
    pages_30,
    views_7,
    views_30,
    added_30,
    opens_30,
    clicks_30
FROM by_order
INNER JOIN by_line ON by_line.customer_id = by_order.customer_id
LEFT JOIN brought_back ON brought_back.customer_id = by_order.customer_id
LEFT JOIN visits ON visits.visitor = by_order.customer_id
