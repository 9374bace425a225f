-- people: one row is one of the ids asked for, with what a message may say of the person that it belongs to now.
WITH asked AS
(
    SELECT id, if(link.customer_id = '', id, link.customer_id) AS customer
    FROM (SELECT arrayJoin({ids:Array(String)}) AS id) AS wanted
    LEFT JOIN (SELECT alias, customer_id FROM identity WHERE alias IN {ids:Array(String)}) AS link ON link.alias = wanted.id
)
SELECT asked.id AS id, email, name, country, city, language, timezone, orders, score.probability AS score
FROM asked
INNER JOIN (SELECT * FROM customers WHERE customer_id IN (SELECT customer FROM asked)) AS person
    ON person.customer_id = asked.customer
LEFT JOIN
(
    SELECT customer_id, max(toNullable(round(toFloat64(probability), 6))) AS probability FROM current_scores
    WHERE customer_id IN (SELECT customer FROM asked) AND ({scenario:String} = '' OR scenario = {scenario:String})
    GROUP BY customer_id
) AS score ON score.customer_id = asked.customer
