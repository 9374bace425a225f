-- One row is one refused event of the API that was not brought back yet, in the order of arrival, after a given place.
SELECT id, source, raw, at
FROM quarantine
WHERE import_id = ''
    AND ({reason:String} = '' OR reason = {reason:String})
    AND ({any_id:Bool} OR id IN {ids:Array(String)})
    AND at <= {before:DateTime64(3, 'UTC')}
    AND (at, id) > ({after_at:DateTime64(3, 'UTC')}, {after_id:String})
    AND id NOT IN (SELECT id FROM quarantine_replays WHERE accepted)
ORDER BY at, id
LIMIT {most:UInt64}
