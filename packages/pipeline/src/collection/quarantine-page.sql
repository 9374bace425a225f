-- One row is one refused event or line that was not brought back, newest first.
SELECT id, source, import_id, line, reason, detail, raw, at
FROM quarantine
WHERE ({reason:String} = '' OR reason = {reason:String})
    AND ({any_source:Bool} OR source = {source:String})
    AND ({any_import:Bool} OR import_id = {import_id:String})
    AND id NOT IN (SELECT id FROM quarantine_replays WHERE accepted)
ORDER BY at DESC, id
LIMIT {limit:UInt64} OFFSET {offset:UInt64}
