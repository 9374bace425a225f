-- One row is one known customer in the forms by which two are compared, numbered from 0 in order of their ids. Names: without
-- accents, in small letters, their parts in alphabetical order; a Chinese name is its family name and its given name in
-- pinyin, so that 王小明, 王 小明, Wang Xiaoming and Xiaoming Wang are one. `holders` counts who shares a name.
INSERT INTO duplicates_people
WITH
    folded AS
    (
        SELECT
            customer_id, email, phone, age, gender, country,
            replaceRegexpAll(lowerUTF8(normalizeUTF8NFKD(name)), '\\p{M}', '') AS plain,
            match(plain, '\\p{Han}') AS is_han,
            replaceRegexpAll(plain, '[^\\p{Han}]', '') AS han,
            if(has({{long_names}}, leftUTF8(han, 2)), 2, 1) AS family,
            replaceRegexpOne(replaceRegexpAll(lowerUTF8(normalizeUTF8NFKD(city)), '\\p{M}| ', ''), '市$', '') AS city_key
        FROM customers
    ),
    named AS
    (
        SELECT
            *,
            arraySort(if(is_han,
                arrayFilter(part -> part != '', [{{family}}, {{given}}]),
                arrayFilter(part -> part != '', splitByRegexp('[^\\p{L}\\p{N}]+', plain)))) AS parts
        FROM folded
    )
SELECT
    toUInt32(row_number() OVER (ORDER BY customer_id) - 1) AS n,
    customer_id,
    email,
    replaceAll(replaceRegexpOne(substringIndex(email, '@', 1), '[+].*$', ''), '.', '') AS mailbox,
    substringIndex(email, '@', -1) AS domain,
    replaceAll(phone, '+', '') AS phone,
    right(replaceAll(phone, '+', ''), 8) AS phone_end,
    parts,
    arrayStringConcat(parts, ' ') AS latin,
    if(length(parts) < 2, '', arrayStringConcat(arraySort(arrayMap(part -> soundex(part), parts)), ' ')) AS sound,
    if(latin = '', 0, toUInt32(count() OVER (PARTITION BY latin))) AS holders,
    city_key,
    toInt16(round(age)) AS age,
    lowerUTF8(gender) AS gender,
    lowerUTF8(country) AS country
FROM named
