-- One row: what the order lines say of the shop. Its currency is the one on most lines. Whether an order number such as
-- C536379 means a cancellation: it does, unless most of the orders that were sold are called so.
SELECT
    (
        SELECT argMin(code, (-toInt64(lines), code))
        FROM (SELECT upper(trim(currency)) AS code, count() AS lines FROM order_lines FINAL WHERE code != '' GROUP BY code)
    ) AS most_common,
    countIf(match(order_id, '^C[0-9]') AND quantity > 0) * 2 < countIf(quantity > 0) AS c_means_cancelled
FROM order_lines FINAL
