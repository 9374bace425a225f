-- One row is one user id that a client replaced by another (`alias`), with the first moment at which we were told.
-- A previous id that was ever seen as an anonymous id is a visitor, not a person: identity.sql gives it to its person.
WITH visitors AS
(
    SELECT anonymous_id FROM events
    WHERE anonymous_id IN (SELECT previous_id FROM events WHERE type = 'alias' AND previous_id != '')
)
SELECT previous_id, user_id, toUnixTimestamp64Milli(min(received_at)) AS at
FROM events
WHERE type = 'alias' AND previous_id != '' AND user_id != '' AND previous_id != user_id AND previous_id NOT IN visitors
GROUP BY previous_id, user_id
ORDER BY at, previous_id, user_id
