-- One row is one level of one field that random pairs are too few to show: how many pairs of all customers stand so, and how
-- many pairs both say anything.
WITH
    emails AS (SELECT mailbox, domain, email, count() AS c FROM duplicates_people WHERE email != '' GROUP BY mailbox, domain, email),
    phones AS (SELECT phone_end, phone, count() AS c FROM duplicates_people WHERE phone != '' GROUP BY phone_end, phone),
    names AS (SELECT latin, count() AS c FROM duplicates_people WHERE latin != '' GROUP BY latin),
    -- pairs within groups of one value
    (SELECT (sum(c), sum(c * (c - 1) / 2)) FROM emails) AS email,
    (SELECT sum(c * (c - 1) / 2) FROM (SELECT sum(c) AS c FROM emails GROUP BY mailbox, domain)) AS mailbox,
    (SELECT sum(c * (c - 1) / 2) FROM (SELECT sum(c) AS c FROM emails WHERE length(mailbox) >= 5 GROUP BY mailbox)) AS local,
    (SELECT sum(c * (c - 1) / 2) FROM (SELECT sum(c) AS c FROM emails WHERE length(mailbox) >= 5 GROUP BY mailbox, domain)) AS local_here,
    (SELECT (sum(c), sum(c * (c - 1) / 2)) FROM phones) AS phone,
    (SELECT sum(c * (c - 1) / 2) FROM (SELECT sum(c) AS c FROM phones GROUP BY phone_end)) AS phone_end,
    (SELECT (sum(c), sumIf(c * (c - 1) / 2, c <= {rare:UInt32}), sumIf(c * (c - 1) / 2, c > {rare:UInt32} AND c <= {known:UInt32}), sumIf(c * (c - 1) / 2, c > {known:UInt32})) FROM names) AS name
SELECT
    tupleElement(counted, 1) AS field, tupleElement(counted, 2) AS level, tupleElement(counted, 3) AS pairs,
    tupleElement(counted, 4) * (tupleElement(counted, 4) - 1) / 2 AS of
FROM
(
    SELECT arrayJoin([
        ('email', 'same', toFloat64(email.2), toFloat64(email.1)),
        ('email', 'same_mailbox', toFloat64(mailbox - email.2), toFloat64(email.1)),
        ('email', 'same_local', toFloat64(local - local_here), toFloat64(email.1)),
        ('phone', 'same', toFloat64(phone.2), toFloat64(phone.1)),
        ('phone', 'same_end', toFloat64(phone_end - phone.2), toFloat64(phone.1)),
        ('name', 'same_rare', toFloat64(name.2), toFloat64(name.1)),
        ('name', 'same_known', toFloat64(name.3), toFloat64(name.1)),
        ('name', 'same_common', toFloat64(name.4), toFloat64(name.1))]) AS counted
)
