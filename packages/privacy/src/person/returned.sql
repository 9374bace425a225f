-- One row is one id in the raw tables that was erased, or that comes with an e-mail address that was.
WITH told AS
(
    SELECT user_id AS id, '' AS email FROM events WHERE user_id != ''
    UNION DISTINCT SELECT concat('anon:', anonymous_id), '' FROM events WHERE user_id = '' AND anonymous_id != ''
    UNION DISTINCT SELECT customer_id, lower(trim(email)) FROM customer_facts WHERE customer_id != ''
    UNION DISTINCT SELECT customer_id, lower(trim(email)) FROM order_lines WHERE customer_id != ''
)
SELECT DISTINCT id FROM told
WHERE {{id}} IN (SELECT hash FROM held_back) OR (email != '' AND {{email}} IN (SELECT hash FROM held_back))
