-- One row is one order of a customer, with what was given back of it later; the newest first.
SELECT
    order_id,
    min(at) AS at,
    round(sum(amount), 2) AS amount,
    round(any(back), 2) AS returned,
    count() AS lines,
    groupArray(8)(if(description = '', product_id, description)) AS products
FROM (SELECT * FROM sales WHERE customer_id = {id:String}) AS sold
LEFT JOIN
(
    SELECT bought.order_id AS order_id, -sum(given.amount) AS back
    FROM (SELECT returns_line, amount FROM returns WHERE customer_id = {id:String}) AS given
    INNER JOIN (SELECT line_key, order_id FROM sales WHERE customer_id = {id:String}) AS bought ON bought.line_key = given.returns_line
    GROUP BY bought.order_id
) AS returned_of USING (order_id)
GROUP BY order_id
ORDER BY at DESC, order_id
LIMIT 500
