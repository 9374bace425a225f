-- recommendations: one row is one of the ids asked for, with the products of the last scoring for the person that it belongs
-- to, the best first, and what they bought already; the row with the empty id has what sold best in the last 90 days that
-- anything was sold.
WITH
    asked AS
    (
        SELECT id, if(link.customer_id = '', id, link.customer_id) AS customer
        FROM (SELECT arrayJoin({ids:Array(String)}) AS id) AS wanted
        LEFT JOIN (SELECT alias, customer_id FROM identity WHERE alias IN {ids:Array(String)}) AS link ON link.alias = wanted.id
    ),
    mine AS
    (
        SELECT customer_id, arrayMap(pair -> pair.2, arraySort(groupArray((rank, product_id)))) AS products, max(version) AS version
        FROM current_recommendations
        WHERE customer_id IN (SELECT customer FROM asked) AND rank <= 40
        GROUP BY customer_id
    ),
    had AS
    (
        SELECT customer_id, groupUniqArray(product_id) AS products
        FROM sales
        WHERE customer_id IN (SELECT customer FROM asked) AND at <= {as_of:DateTime64(3, 'UTC')}
        GROUP BY customer_id
    )
SELECT asked.id AS id, mine.products AS products, toUInt32(mine.version) AS version, had.products AS bought
FROM asked
LEFT JOIN mine ON mine.customer_id = asked.customer
LEFT JOIN had ON had.customer_id = asked.customer
UNION ALL
SELECT '' AS id, groupArray(product_id) AS products, toUInt32(0) AS version, emptyArrayString() AS bought
FROM
(
    SELECT product_id FROM sales
    WHERE at <= {as_of:DateTime64(3, 'UTC')}
        AND at > (SELECT max(sales.at) FROM sales WHERE sales.at <= {as_of:DateTime64(3, 'UTC')}) - INTERVAL 90 DAY
    GROUP BY product_id ORDER BY uniq(order_id) DESC, product_id LIMIT 60
)
