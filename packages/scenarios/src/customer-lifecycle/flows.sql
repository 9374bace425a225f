-- One row is how many customers went from one stage to another between two moments that follow each other; `none` is not a
-- customer yet.
SELECT
    {from:DateTime64(3, 'UTC')} AS from_at,
    {to:DateTime64(3, 'UTC')} AS to_at,
    if(before.stage = '', 'none', toString(before.stage)) AS `from`,
    toString(after.stage) AS `to`,
    count() AS customers
FROM (SELECT customer_id, stage FROM lifecycle_history WHERE as_of = {to:DateTime64(3, 'UTC')}) AS after
LEFT JOIN (SELECT customer_id, stage FROM lifecycle_history WHERE as_of = {from:DateTime64(3, 'UTC')}) AS before
    ON before.customer_id = after.customer_id
GROUP BY `from`, `to`
ORDER BY customers DESC
