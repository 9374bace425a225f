-- One row is one request of an access log as an event. A visitor who says so, or who asked for robots.txt, is a bot.
-- A session ends when its visitor is silent for 30 minutes.
WITH
    paced AS
    (
        SELECT
            *,
            concat(content, '-', toString(row_number() OVER (PARTITION BY content, reason ORDER BY line))) AS id,
            max(path = '/robots.txt') OVER (PARTITION BY anonymous_id) AS asked_robots,
            lagInFrame(at, 1) OVER (PARTITION BY anonymous_id, reason ORDER BY at, line ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before
        FROM cleaned
    ),
    sessions AS
    (
        SELECT
            *,
            max(if(dateDiff('second', before, at) > 1800, at, toDateTime64(0, 3, 'UTC')))
                OVER (PARTITION BY anonymous_id, reason ORDER BY at, line ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS session_start
        FROM paced
    )
SELECT
    line,
    1 AS lines,
    reason,
    detail,
    raw,
    id AS event_id,
    'page' AS type,
    'Page Viewed' AS name,
    '' AS user_id,
    sessions.anonymous_id AS anonymous_id,
    '' AS previous_id,
    sessions.at AS at,
    sessions.at AS received_at,
    toJSONString(CAST(
        (
            path, method, toUInt16(status), toUInt64(ifNull(bytes, 0)), referrer,
            match(lower(path), '[.](?:css|js|mjs|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|eot)(?:[?]|$)')
        ),
        'Tuple(path String, method String, status UInt16, bytes UInt64, referrer String, asset Bool)'
    )) AS properties,
    toJSONString(CAST(tuple(agent), 'Tuple(userAgent String)')) AS context,
    {source:String} AS source,
    sessions.bot = 1 OR asked_robots AS bot,
    lower(hex(sipHash64(sessions.anonymous_id, session_start))) AS session_id,
    multiIf(
        reason != '', 'refused',
        id IN (
            SELECT event_id FROM subject_events
            WHERE received_at BETWEEN {first:DateTime64(3, 'UTC')} AND {last:DateTime64(3, 'UTC')} AND subject_events.source != {source:String}
        ), 'known',
        id IN (
            SELECT event_id FROM subject_events
            WHERE received_at BETWEEN {first:DateTime64(3, 'UTC')} AND {last:DateTime64(3, 'UTC')} AND subject_events.source = {source:String}
        ), 'loaded',
        'new'
    ) AS told
FROM sessions
