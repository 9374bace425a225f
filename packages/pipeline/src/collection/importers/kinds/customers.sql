-- One row is one line of the file as a fact about a customer. A customer heard of for the first time was like that since
-- the day of registration, as far as it is said; what is new about a known one was learned when the file was imported.
-- A line that says what was last said of its customer brings nothing. A later line of the file is told a millisecond later.
WITH
    told_before AS
    (
        SELECT
            customer_id,
            argMax(
                hex(sipHash128(
                    email, phone, first_name, last_name, name, gender, ifNull(toString(age), ''), ifNull(toString(income), ''),
                    country, city, language, timezone, ifNull(toString(created_at), ''), ifNull(toString(email_consent), ''), traits
                )),
                (at, line)
            ) AS said
        FROM customer_facts
        WHERE import_id != {import_id:String} AND customer_id IN (SELECT customer_id FROM cleaned)
        GROUP BY customer_id
    ),
    facts AS
    (
        SELECT
            cleaned.*,
            told_before.said AS said_before,
            hex(sipHash128(
                email, phone, first_name, last_name, name, gender, ifNull(toString(age), ''), ifNull(toString(income), ''),
                country, city, language, timezone, ifNull(toString(created_at), ''), ifNull(toString(email_consent), ''), extra
            )) AS said_now
        FROM cleaned
        LEFT JOIN told_before ON told_before.customer_id = cleaned.customer_id
    ),
    numbered AS
    (
        SELECT
            *,
            row_number() OVER (PARTITION BY customer_id, reason ORDER BY line) AS number,
            lagInFrame(said_now, 1, said_before) OVER (PARTITION BY customer_id, reason ORDER BY line ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS said_last
        FROM facts
    )
SELECT
    line,
    1 AS lines,
    reason,
    detail,
    raw,
    customer_id,
    addMilliseconds(
        if(said_before = '', least(ifNull(numbered.created_at, {now:DateTime64(3, 'UTC')}), {now:DateTime64(3, 'UTC')}), {now:DateTime64(3, 'UTC')}),
        number - 1
    ) AS at,
    at AS received_at,
    {source:String} AS source,
    email,
    phone,
    first_name,
    last_name,
    name,
    gender,
    age,
    income,
    country,
    city,
    language,
    numbered.timezone AS timezone,
    numbered.created_at AS created_at,
    email_consent,
    extra AS traits,
    {import_id:String} AS import_id,
    multiIf(
        reason != '', 'refused',
        said_now = said_last, 'known',
        (customer_id, line) IN (SELECT customer_id, customer_facts.line FROM customer_facts WHERE import_id = {import_id:String}), 'loaded',
        'new'
    ) AS told
FROM numbered
