-- One row is one surface (`*` is all of them): products that were clicked in lists made by recommendation, and how many of
-- them the same person added to a basket or bought within {days} of the click and not after {as_of}.
WITH
    clicked AS
    (
        SELECT list.request_id AS request_id, toString(list.surface) AS surface, act.product_id AS product_id, act.at AS at,
            if(link.customer_id = '', list.subject, link.customer_id) AS person,
            least(act.at + toIntervalDay({days:UInt16}), {as_of:DateTime64(3, 'UTC')}) AS until
        FROM
        (
            SELECT * FROM recommendation_lists FINAL
            WHERE arm = 'treated' AND at > {since:DateTime64(3, 'UTC')} AND at <= {as_of:DateTime64(3, 'UTC')}
        ) AS list
        INNER JOIN (SELECT * FROM recommendation_acts FINAL WHERE what = 'clicked' AND at <= {as_of:DateTime64(3, 'UTC')}) AS act
            ON act.request_id = list.request_id
        LEFT JOIN identity AS link ON link.alias = list.subject
        WHERE has(list.products, act.product_id)
    ),
    added AS
    (
        SELECT DISTINCT clicked.request_id AS request_id, clicked.product_id AS product_id
        FROM clicked
        INNER JOIN
        (
            SELECT if(who.customer_id = '', event.subject, who.customer_id) AS person, event.at AS at,
                coalesce(nullIf(JSONExtractString(event.properties, 'product_id'), ''), JSONExtractString(event.properties, 'sku')) AS product_id
            FROM (SELECT subject, at, properties FROM events WHERE name = 'Product Added' AND NOT bot AND at > {since:DateTime64(3, 'UTC')}) AS event
            LEFT JOIN identity AS who ON who.alias = event.subject
        ) AS basket ON basket.person = clicked.person AND basket.product_id = clicked.product_id
        WHERE basket.at >= clicked.at AND basket.at <= clicked.until
    ),
    ordered AS
    (
        SELECT clicked.request_id AS request_id, clicked.product_id AS product_id, sum(sale.amount) AS amount
        FROM sales AS sale
        INNER JOIN clicked ON clicked.person = sale.customer_id AND clicked.product_id = sale.product_id
        WHERE sale.at >= clicked.at AND sale.at <= clicked.until
        GROUP BY request_id, product_id
    )
SELECT
    arrayJoin(['*', clicked.surface]) AS on_surface,
    count() AS clicks,
    countIf(added.product_id != '') AS added,
    countIf(ordered.product_id != '') AS ordered,
    sum(ordered.amount) AS revenue
FROM clicked
LEFT JOIN added ON added.request_id = clicked.request_id AND added.product_id = clicked.product_id
LEFT JOIN ordered ON ordered.request_id = clicked.request_id AND ordered.product_id = clicked.product_id
GROUP BY on_surface
ORDER BY on_surface
