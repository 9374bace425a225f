-- One row is one row of prepared_order_lines.
SELECT
    line_key, order_id, owner, known, product_id, description,
    if(is_return, -abs(quantity), quantity) AS signed_quantity,
    unit_price * factor AS price,
    signed_quantity * price AS amount,
    {currency:String} AS shop_currency,
    country, at,
    toDate(at, {timezone:String}) AS day,
    received_at,
    if(is_return, 'return', 'sale') AS kind,
    returns_line,
    {{verdict}} AS reason,
    {{flags}} AS flags
FROM owned
ANY LEFT JOIN {matches:Identifier} AS matches USING (line_key)
