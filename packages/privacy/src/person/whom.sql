-- One row: who the asked ids belong to, with every id and address that is known of that person.
WITH
    (SELECT any(customer_id) FROM identity WHERE alias IN {asked:Array(String)}) AS owner,
    all AS
    (
        SELECT alias FROM identity WHERE customer_id != '' AND customer_id = owner
        UNION DISTINCT SELECT arrayJoin({asked:Array(String)}) AS alias
    ),
    said AS
    (
        SELECT email, phone FROM customer_facts WHERE customer_id IN (SELECT alias FROM all)
        UNION ALL SELECT email, phone FROM order_lines WHERE customer_id IN (SELECT alias FROM all)
        UNION ALL SELECT email, phone FROM customers WHERE customer_id IN (SELECT alias FROM all)
        UNION ALL SELECT replaceOne(alias, 'email:', ''), '' FROM all WHERE startsWith(alias, 'email:')
        UNION ALL SELECT '', replaceOne(alias, 'phone:', '') FROM all WHERE startsWith(alias, 'phone:')
    )
SELECT
    owner,
    (SELECT groupArray(alias) FROM all) AS ids,
    (SELECT groupUniqArrayIf(trim(email), trim(email) != '') FROM said) AS emails,
    (SELECT groupUniqArrayIf(trim(phone), trim(phone) != '') FROM said) AS phones,
    toBool(owner != ''
        OR (SELECT count() FROM events WHERE user_id IN {asked:Array(String)}) > 0
        OR (SELECT count() FROM customer_facts WHERE customer_id IN {asked:Array(String)}) > 0
        OR (SELECT count() FROM order_lines WHERE customer_id IN {asked:Array(String)}) > 0) AS known
