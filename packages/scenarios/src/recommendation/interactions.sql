-- One row is one known customer or visitor and one product that they bought, put into a basket or looked at before the
-- moment {as_of}, in the order of customers and products. It reads only what had happened and had arrived by then.
-- `weight` adds up what they did, halved for every {half_life} days that it lies back: an order counts {bought_weight}
-- (however many pieces), a basket {added_weight}, a look 1. `days` is how long ago the last of it was. What was brought back
-- was bought all the same. `product` is the place of the product in products.sql, which is put into this text.
-- A customer anon:ID is a visitor who never said who they are.
WITH
    linked AS
    (
        SELECT alias, any(customer_id) AS customer_id
        FROM identity
        WHERE linked_at <= {as_of:DateTime64(3, 'UTC')}
        GROUP BY alias
    ),
    looks AS
    (
        -- an event that was told twice counts once
        SELECT
            if(linked.customer_id != '', linked.customer_id, subject) AS customer_id,
            product_id,
            at,
            added
        FROM
        (
            SELECT
                subject,
                event_id,
                any(name) = 'Product Added' AS added,
                any(coalesce(nullIf(JSONExtractString(properties, 'product_id'), ''), JSONExtractString(properties, 'sku'))) AS product_id,
                min(subject_events.at) AS at
            FROM subject_events
            WHERE NOT bot AND name IN ('Product Viewed', 'Product Added')
                AND subject_events.at > {as_of:DateTime64(3, 'UTC')} - INTERVAL 180 DAY
                AND subject_events.at <= {as_of:DateTime64(3, 'UTC')} AND received_at <= {as_of:DateTime64(3, 'UTC')}
            GROUP BY subject, event_id
        ) AS told
        LEFT JOIN linked ON linked.alias = told.subject
        WHERE product_id != ''
    ),
    deeds AS
    (
        -- one row is one product in one order: pieces and repeated lines do not count
        SELECT customer_id, product_id, min(sales.at) AS at, {bought_weight:Float64} AS worth, 1 AS bought
        FROM sales
        WHERE known AND sales.at <= {as_of:DateTime64(3, 'UTC')} AND received_at <= {as_of:DateTime64(3, 'UTC')}
        GROUP BY customer_id, product_id, order_id
        UNION ALL
        SELECT customer_id, product_id, at, if(added, {added_weight:Float64}, 1), 0 FROM looks
    )
SELECT
    customer_id,
    product,
    -- the tenth order says less than the first; rounded, so that the order in which it was added up does not show
    round(log1p(sum(worth * exp2(-age / {half_life:Float64}))), 4) AS weight,
    min(age) AS days,
    sum(bought) AS orders
FROM
(
    SELECT *, dateDiff('millisecond', at, {as_of:DateTime64(3, 'UTC')}) / 86400000 AS age FROM deeds
) AS aged
INNER JOIN
(
    SELECT product_id, toUInt32(row_number() OVER (ORDER BY product_id) - 1) AS product FROM ({{products}})
) AS numbered USING (product_id)
WHERE customer_id NOT IN {excluded:Array(String)}
GROUP BY customer_id, product
ORDER BY customer_id, product
