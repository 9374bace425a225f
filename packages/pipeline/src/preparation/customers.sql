-- One row is one known customer: the last thing said of each field, by the moment it was said, and what they ordered.
-- What is impossible was set aside before, so that an earlier possible value stands.
INSERT INTO {customers:Identifier}
WITH
    owners AS (SELECT alias, customer_id AS owner FROM {identity:Identifier} WHERE NOT startsWith(customer_id, 'anon:')),
    said AS
    (
        SELECT
            owner, at, (at, received_at, source, import_id, line) AS said_at,
            {{email}} AS email_said, {{phone}} AS phone_said,
            if(trim(name) != '', trim(name), trim(concat(first_name, ' ', last_name))) AS name_said,
            gender, if({{impossible_age}}, NULL, age) AS age_said, if({{impossible_income}}, NULL, income) AS income_said,
            country, city, language, timezone, created_at, email_consent, traits
        FROM (SELECT * FROM customer_facts FINAL WHERE customer_id != '') AS facts
        INNER JOIN owners ON owners.alias = facts.customer_id
        UNION ALL
        SELECT
            owner, at, (at, received_at, source, import_id, line) AS said_at,
            told_email, told_phone, '', '', NULL, NULL, country, '', '', '', NULL, NULL, ''
        FROM (SELECT * FROM ({{told}}) WHERE told_email != '' OR told_phone != '' OR country != '') AS lines
        INNER JOIN owners USING (alias)
    ),
    facts AS
    (
        SELECT
            owner,
            argMaxIf(email_said, said_at, email_said != '') AS email,
            argMaxIf(phone_said, said_at, phone_said != '') AS phone,
            argMaxIf(name_said, said_at, name_said != '') AS name,
            argMaxIf(gender, said_at, gender != '') AS gender,
            argMaxIf(age_said, said_at, isNotNull(age_said)) AS age,
            argMaxIf(income_said, said_at, isNotNull(income_said)) AS income,
            argMaxIf(country, said_at, country != '') AS country,
            argMaxIf(city, said_at, city != '') AS city,
            argMaxIf(language, said_at, language != '') AS language,
            argMaxIf(timezone, said_at, timezone != '') AS timezone,
            min(created_at) AS created_at,
            argMaxIf(email_consent, said_at, isNotNull(email_consent)) AS email_consent
        FROM said GROUP BY owner
    ),
    -- traits of several sayings are merged, the later over the earlier; one said again and again counts once
    told_traits AS
    (
        SELECT owner, arrayFold((sum, one) -> jsonMergePatch(sum, one.2), arraySort(groupArray((last_said, traits))), '{}') AS traits
        FROM (SELECT owner, traits, max(said_at) AS last_said FROM said WHERE isValidJSON(traits) GROUP BY owner, traits)
        GROUP BY owner
    ),
    ordered AS
    (
        SELECT
            customer_id AS owner,
            minIf(at, kind = 'sale') AS first_order_at,
            maxIf(at, kind = 'sale') AS last_order_at,
            uniqExactIf(order_id, kind = 'sale') AS orders,
            sum(amount) AS revenue
        FROM {lines:Identifier} WHERE reason = '' AND known GROUP BY customer_id
    )
SELECT
    everyone.owner AS customer_id,
    email, phone, name, gender, age, income, country, city, language, timezone, created_at, email_consent,
    if(traits = '', '{}', traits) AS traits,
    aliases,
    if(orders > 0, first_order_at, NULL) AS first_order_at,
    if(orders > 0, last_order_at, NULL) AS last_order_at,
    orders, revenue
FROM (SELECT owner, arraySort(groupArray(alias)) AS aliases FROM owners GROUP BY owner) AS everyone
LEFT JOIN facts USING (owner)
LEFT JOIN told_traits USING (owner)
LEFT JOIN ordered USING (owner)
SETTINGS prefer_column_name_to_alias = 1
