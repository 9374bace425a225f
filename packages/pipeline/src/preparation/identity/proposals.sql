-- One row is one pair of customers who share an address, or a name and a city, with the probability that they are one
-- person (Fellegi & Sunter 1969, "A theory for record linkage"): the logarithm of the prior odds, plus for each field
-- that both tell log(m / u) where they agree and log((1 - m) / (1 - u)) where they do not. m is how often a person's two
-- records agree; u, how often two people's do, is taken from these customers.
WITH
    people AS
    (
        SELECT
            customer_id, email, phone, name, city, country, gender,
            arrayStringConcat(arraySort(splitByWhitespace(lowerUTF8(normalizeUTF8NFKC(name)))), ' ') AS name_key,
            lowerUTF8(trim(normalizeUTF8NFKC(city))) AS city_key
        FROM customers
    ),
    (SELECT greatest(count(), 2) FROM people) AS n,
    -- two people who were picked at random agree by chance: the sum of squared shares of the values
    (SELECT greatest(sum(pow(c / t, 2)), 1e-6) FROM (SELECT count() AS c, sum(count()) OVER () AS t FROM people WHERE city_key != '' GROUP BY city_key)) AS city_u,
    (SELECT greatest(sum(pow(c / t, 2)), 1e-6) FROM (SELECT count() AS c, sum(count()) OVER () AS t FROM people WHERE country != '' GROUP BY country)) AS country_u,
    (SELECT greatest(sum(pow(c / t, 2)), 1e-6) FROM (SELECT count() AS c, sum(count()) OVER () AS t FROM people WHERE gender != '' GROUP BY gender)) AS gender_u,
    names AS (SELECT name_key, count() / n AS name_u FROM people WHERE name_key != '' GROUP BY name_key),
    -- a value that more than 20 share says nothing of a person: a shop's own address, a name that a form fills in
    blocks AS
    (
        SELECT arraySort(groupArray(21)(customer_id)) AS ids
        FROM
        (
            SELECT customer_id, arrayJoin([('email', email), ('phone', phone), ('name', if(city_key = '', '', name_key || '\n' || city_key))]) AS block
            FROM people WHERE block.2 NOT IN ('', '\n' || city_key)
        )
        GROUP BY block
        HAVING length(ids) BETWEEN 2 AND 20
    ),
    pairs AS
    (
        SELECT DISTINCT left_id, arrayJoin(arraySlice(ids, place + 1)) AS right_id
        FROM blocks ARRAY JOIN ids AS left_id, arrayEnumerate(ids) AS place
    ),
    compared AS
    (
        SELECT
            a.customer_id AS left, b.customer_id AS right,
            multiIf(a.email = '' OR b.email = '', 0,
                a.email = b.email, log({email_m:Float64} * n / {email_shared:Float64}), log(1 - {email_m:Float64})) AS email_weight,
            multiIf(a.phone = '' OR b.phone = '', 0,
                a.phone = b.phone, log({phone_m:Float64} * n / {phone_shared:Float64}), log(1 - {phone_m:Float64})) AS phone_weight,
            multiIf(a.name_key = '' OR b.name_key = '', 0,
                a.name_key = b.name_key, log({name_m:Float64} / least(name_u, 0.5)),
                jaroWinklerSimilarity(a.name_key, b.name_key) >= {close_name:Float64}, log({close_m:Float64} / {close_u:Float64}),
                log(1 - {name_m:Float64} - {close_m:Float64})) AS name_weight,
            multiIf(a.city_key = '' OR b.city_key = '', 0,
                a.city_key = b.city_key, log({city_m:Float64} / city_u), log((1 - {city_m:Float64}) / (1.000001 - city_u))) AS city_weight,
            multiIf(a.country = '' OR b.country = '', 0,
                a.country = b.country, log({country_m:Float64} / country_u), log((1 - {country_m:Float64}) / (1.000001 - country_u))) AS country_weight,
            multiIf(a.gender = '' OR b.gender = '', 0,
                a.gender = b.gender, log({gender_m:Float64} / gender_u), log((1 - {gender_m:Float64}) / (1.000001 - gender_u))) AS gender_weight,
            log(2 * {duplicates:Float64} / (n - 1)) + email_weight + phone_weight + name_weight + city_weight + country_weight + gender_weight AS log_odds,
            [('email', a.email, b.email), ('phone', a.phone, b.phone), ('name', a.name, b.name), ('city', a.city, b.city),
             ('country', toString(a.country), toString(b.country)), ('gender', toString(a.gender), toString(b.gender))] AS fields
        FROM pairs
        INNER JOIN people AS a ON a.customer_id = pairs.left_id
        INNER JOIN people AS b ON b.customer_id = pairs.right_id
        LEFT JOIN names ON names.name_key = a.name_key
    )
SELECT left, right, 1 / (1 + exp(-log_odds)) AS score, arrayFilter(field -> field.2 != '' AND field.3 != '', fields) AS evidence
FROM compared
WHERE score >= {least_score:Float64}
ORDER BY log_odds DESC, left, right
LIMIT {limit:UInt32}
