-- One row is one order line with its customer, its verdict (the step that drops it, or '') and its flags.
-- Rows that repeat each other share everything but who told them and where: `copy` numbers them, and the first stays.
-- The window's order begins with the table's own, so that it is read in order and memory stays flat.
WITH
    numbered AS
    (
        SELECT
            *,
            row_number() OVER (
                PARTITION BY at, order_id, product_id, alias, quantity, unit_price
                ORDER BY received_at, line, line_key
            ) AS copy
        FROM ({{told}})
        WHERE {{only}}
    ),
    owned AS
    (
        SELECT
            numbered.* EXCEPT (received_at),
            multiIf(alias = '', concat('basket:', order_id), links.customer != '', links.customer, alias) AS owner,
            alias != '' AND NOT startsWith(owner, 'anon:') AS known,
            greatest(numbered.received_at, links.linked_at) AS received_at,
            {factors:Map(String, Float64)}[upper(trim(currency))] AS factor
        FROM numbered
        LEFT JOIN
        (
            SELECT alias, customer_id AS customer, linked_at FROM {identity:Identifier} WHERE customer_id != alias
        ) AS links USING (alias)
    )
{{select}}
