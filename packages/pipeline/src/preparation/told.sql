-- One row is one order line as told, under the id that the buyer goes by in it; '' where nothing is said of the buyer.
SELECT
    *,
    multiIf(
        customer_id != '', customer_id,
        told_email != '', concat('email:', told_email),
        told_phone != '', concat('phone:', told_phone),
        anonymous_id != '', concat('anon:', anonymous_id),
        ''
    ) AS alias,
    quantity < 0 OR ({c_means_cancelled:Bool} AND match(order_id, '^C[0-9]')) AS is_return
FROM (SELECT *, {{email}} AS told_email, {{phone}} AS told_phone FROM order_lines FINAL)
