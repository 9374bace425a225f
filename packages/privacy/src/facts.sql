-- facts: one row is one of the ids asked for, with what is known of the customer that it belongs to now. An id that was
-- merged into another is answered for by the winner; an id that nobody has, has no row. `ids` are all of the person's.
WITH asked AS
(
    SELECT id, if(link.customer_id = '', id, link.customer_id) AS customer
    FROM (SELECT arrayJoin({ids:Array(String)}) AS id) AS wanted
    LEFT JOIN (SELECT alias, customer_id FROM identity WHERE alias IN {ids:Array(String)}) AS link ON link.alias = wanted.id
)
SELECT asked.id AS id, arrayDistinct(arrayConcat([asked.id, asked.customer], aliases)) AS ids, email, phone, email_consent, orders
FROM asked
INNER JOIN (SELECT * FROM customers WHERE customer_id IN (SELECT customer FROM asked)) AS person
    ON person.customer_id = asked.customer
