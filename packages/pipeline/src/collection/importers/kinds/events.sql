-- One row is one line of the file as an event. An event without an id gets one from what it says and its number among
-- the lines that say the same. An id that the file repeats counts once. What subject_events has, events has too.
WITH identified AS
(
    SELECT
        *,
        if(event_id != '', event_id, concat(content, '-', toString(row_number() OVER (PARTITION BY content, reason ORDER BY line)))) AS id
    FROM cleaned
)
SELECT
    line,
    1 AS lines,
    reason,
    detail,
    raw,
    id AS event_id,
    'track' AS type,
    name,
    user_id,
    anonymous_id,
    '' AS previous_id,
    at,
    at AS received_at,
    if(identified.properties = '', extra, identified.properties) AS properties,
    '{}' AS context,
    {source:String} AS source,
    false AS bot,
    '' AS session_id,
    multiIf(
        reason != '', 'refused',
        row_number() OVER (PARTITION BY id, reason ORDER BY line) > 1, 'known',
        id IN (
            SELECT event_id FROM subject_events
            WHERE received_at >= {first:DateTime64(3, 'UTC')} AND subject_events.source != {source:String}
        ), 'known',
        id IN (
            SELECT event_id FROM subject_events
            WHERE received_at >= {first:DateTime64(3, 'UTC')} AND subject_events.source = {source:String}
        ), 'loaded',
        'new'
    ) AS told
FROM identified
