-- One row is one line of the file as a row of order_lines. Lines that say the same are told apart by their number among
-- each other, so that a line that the file truly repeats stays, and the same line in another export is known.
SELECT
    line,
    1 AS lines,
    reason,
    detail,
    raw,
    concat(content, '-', toString(row_number() OVER (PARTITION BY content, reason ORDER BY line))) AS line_key,
    order_id,
    customer_id,
    '' AS anonymous_id,
    product_id,
    description,
    quantity,
    unit_price,
    currency,
    country,
    email,
    phone,
    at,
    at AS received_at,
    {source:String} AS source,
    {import_id:String} AS import_id,
    multiIf(
        reason != '', 'refused',
        line_key IN (
            SELECT line_key FROM order_lines
            WHERE at BETWEEN {first:DateTime64(3, 'UTC')} AND {last:DateTime64(3, 'UTC')} AND import_id != {import_id:String}
        ), 'known',
        line_key IN (
            SELECT line_key FROM order_lines
            WHERE at BETWEEN {first:DateTime64(3, 'UTC')} AND {last:DateTime64(3, 'UTC')} AND import_id = {import_id:String}
        ), 'loaded',
        'new'
    ) AS told
FROM cleaned
