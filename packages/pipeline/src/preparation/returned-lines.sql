-- One row is one line of a customer, product and price that was both sold and cancelled: a sale, or a return to match.
SELECT
    concat(owner, '\n', product_id, '\n', upper(trim(currency)), '\n', toString(unit_price)) AS thing,
    line_key,
    is_return,
    abs(quantity) AS units
FROM owned
WHERE {{verdict}} = ''
ORDER BY thing, at, is_return, order_id, line_key
