-- One row is one customer that fits the search and belongs to the audience, with the current probability of one scenario.
SELECT
    customer_id, name, email, country, first_order_at, last_order_at, orders, revenue,
    scored.probability AS probability
FROM customers
LEFT JOIN
(
    SELECT customer_id, toNullable(probability) AS probability FROM current_scores WHERE scenario = {scenario:String}
) AS scored USING (customer_id)
WHERE
    ({search:String} = '' OR positionCaseInsensitiveUTF8(concat(customer_id, '\n', name, '\n', email, '\n', phone), {search:String}) > 0)
    AND ({audience:String} = '' OR customer_id IN
    (
        SELECT customer_id FROM audience_members WHERE audience_id = {audience:String}
        GROUP BY customer_id HAVING sum(change) > 0
    ))
    AND ({segment:String} = '' OR customer_id IN
    (
        SELECT customer_id FROM current_segments
        WHERE if(startsWith({segment:String}, 'rfm:'), concat('rfm:', rfm_group), toString(segment)) = {segment:String}
    ))
