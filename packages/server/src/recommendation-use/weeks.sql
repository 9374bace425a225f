-- One row is one arm on one surface (`*` is all of them) in one week, which begins on a Monday: lists seen and clicked on,
-- with the sums over people that the interval of their ratio needs.
WITH
    acted AS
    (
        SELECT act.request_id AS request_id, max(act.what = 'clicked') AS clicked, min(if(act.what = 'shown', act.at, NULL)) AS shown_at
        FROM recommendation_acts AS act
        WHERE act.at <= {as_of:DateTime64(3, 'UTC')}
        GROUP BY act.request_id
        HAVING countIf(act.what = 'shown') > 0
    ),
    seen AS
    (
        SELECT arrayJoin(['*', toString(list.surface)]) AS on_surface, list.arm AS in_arm, toMonday(acted.shown_at) AS monday,
            if(link.customer_id = '', list.subject, link.customer_id) AS person, count() AS lists, sum(acted.clicked) AS clicks
        FROM
        (
            SELECT * FROM recommendation_lists FINAL
            WHERE arm != '' AND at > {since:DateTime64(3, 'UTC')} AND at <= {as_of:DateTime64(3, 'UTC')}
        ) AS list
        INNER JOIN acted ON acted.request_id = list.request_id
        LEFT JOIN identity AS link ON link.alias = list.subject
        GROUP BY on_surface, in_arm, monday, person
    )
SELECT
    on_surface AS surface,
    in_arm AS arm,
    toString(monday) AS week,
    count() AS viewers,
    sum(lists) AS shown,
    sum(clicks) AS clicked,
    sum(pow(lists, 2)) AS shown_squared,
    sum(pow(clicks, 2)) AS clicked_squared,
    sum(toFloat64(lists) * clicks) AS shown_clicked
FROM seen
GROUP BY surface, arm, week
ORDER BY surface, week, arm
