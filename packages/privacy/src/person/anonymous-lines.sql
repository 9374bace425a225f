-- One row is one prepared line of an erased person, as the basket of nobody that preparation will make of it. Repeating
-- it adds nothing: the lines that are there already are left out.
INSERT INTO prepared_order_lines
SELECT line.* REPLACE (concat('basket:', order_id) AS customer_id, false AS known)
FROM prepared_order_lines AS line
WHERE line.customer_id IN {ids:Array(String)}
    AND line_key NOT IN (SELECT line_key FROM prepared_order_lines WHERE startsWith(customer_id, 'basket:'))
SETTINGS prefer_column_name_to_alias = 1
