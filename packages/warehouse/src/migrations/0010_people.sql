-- held_back: one row is the keyed hash of an id or address that was erased and must not come back; a copy of the records'
-- list, renewed before each preparation, so that whole tables can be compared with it.
CREATE TABLE held_back (hash String) ENGINE = MergeTree ORDER BY hash
