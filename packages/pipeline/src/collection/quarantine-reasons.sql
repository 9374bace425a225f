-- One row is one reason at one source, with how many refusals of it were not brought back. Every reason, also where the
-- page shows one, so that the reader sees what else there is.
SELECT reason, source, count() AS count
FROM quarantine
WHERE ({any_source:Bool} OR source = {source:String})
    AND ({any_import:Bool} OR import_id = {import_id:String})
    AND id NOT IN (SELECT id FROM quarantine_replays WHERE accepted)
GROUP BY reason, source
ORDER BY count DESC, reason, source
