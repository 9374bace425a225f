-- One row is one pair with its pattern: for each field the level (fields.ts, in this order) at which the two agree, 0 where
-- one of them does not say, three bits a field.
SELECT
    a.n AS left,
    b.n AS right,
    toUInt32(
        multiIf(a.email = '' OR b.email = '', 0,
            a.email = b.email, 1,
            a.mailbox = b.mailbox AND a.domain = b.domain, 2,
            length(a.mailbox) >= 5 AND a.mailbox = b.mailbox, 3,
            length(a.mailbox) >= 5 AND editDistance(a.mailbox, b.mailbox) <= if(a.domain = b.domain, 2, 1), 4, 5)
        + bitShiftLeft(toUInt32(multiIf(a.phone = '' OR b.phone = '', 0,
            a.phone = b.phone, 1,
            a.phone_end = b.phone_end, 2,
            editDistance(right(a.phone, 11), right(b.phone, 11)) <= 1, 3, 4)), 3)
        + bitShiftLeft(toUInt32(multiIf(a.latin = '' OR b.latin = '', 0,
            a.latin = b.latin AND a.holders <= {rare:UInt32}, 1,
            a.latin = b.latin AND a.holders <= {known:UInt32}, 2,
            a.latin = b.latin, 3,
            (a.sound != '' AND a.sound = b.sound) OR jaroWinklerSimilarity(a.latin, b.latin) >= 0.93, 4,
            hasAny(a.parts, b.parts), 5, 6)), 6)
        + bitShiftLeft(toUInt32(multiIf(a.city_key = '' OR b.city_key = '', 0,
            a.city_key = b.city_key, 1,
            jaroWinklerSimilarity(a.city_key, b.city_key) >= 0.93, 2, 3)), 9)
        + bitShiftLeft(toUInt32(multiIf(isNull(a.age) OR isNull(b.age), 0, abs(a.age - b.age) <= 1, 1, abs(a.age - b.age) <= 5, 2, 3)), 12)
        + bitShiftLeft(toUInt32(multiIf(a.gender = '' OR b.gender = '', 0, a.gender = b.gender, 1, 2)), 15)
        + bitShiftLeft(toUInt32(multiIf(a.country = '' OR b.country = '', 0, a.country = b.country, 1, 2)), 18)) AS pattern
FROM ({{pairs}}) AS pair
INNER JOIN duplicates_people AS a ON a.n = pair.left
INNER JOIN duplicates_people AS b ON b.n = pair.right
