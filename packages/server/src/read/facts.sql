-- One row is one thing that one source said of one field of a customer, under any of their ids; empty is not said.
WITH whose AS (SELECT alias FROM identity WHERE customer_id = {id:String})
SELECT saying.1 AS field, saying.2 AS value, at, source, import_id, if(customer_id = {id:String}, '', customer_id) AS alias
FROM
(
    SELECT
        customer_id, at, received_at, source, if(line = 0, '', import_id) AS import_id,
        arrayJoin([
            ('name', if(trim(name) != '', trim(name), trim(concat(first_name, ' ', last_name)))),
            ('email', trim(email)), ('phone', trim(phone)), ('gender', toString(gender)),
            ('age', ifNull(toString(age), '')), ('income', ifNull(toString(income), '')),
            ('country', toString(country)), ('city', trim(city)), ('language', toString(language)),
            ('timezone', toString(timezone)), ('created_at', ifNull(toString(toDate(created_at)), '')),
            ('email_consent', if(isNull(email_consent), '', if(email_consent = 1, 'granted', 'denied')))
        ]) AS saying
    FROM customer_facts FINAL
    WHERE customer_id = {id:String} OR customer_id IN (SELECT alias FROM whose)
)
WHERE saying.2 != ''
ORDER BY field, at DESC, received_at DESC
LIMIT 2000
