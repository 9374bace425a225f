import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await duplicates(db);
  await erasure(db);
  // one row is one time that a customer objected to being profiled, or took that back; the newest holds
  await sql`
    CREATE TABLE profiling_choices (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      customer_id text NOT NULL,
      objects boolean NOT NULL,
      source text NOT NULL,
      at timestamptz NOT NULL
    )`.execute(db);
  await sql`CREATE INDEX profiling_newest ON profiling_choices (customer_id, at DESC, id DESC)`.execute(db);
}

async function duplicates(db: Kysely<unknown>): Promise<void> {
  // one row is one run over all customers, with what it learned
  await sql`
    CREATE TABLE duplicate_runs (
      id text PRIMARY KEY,
      at timestamptz NOT NULL,
      report jsonb NOT NULL
    )`.execute(db);
  // one row is one pair that was proposed; decided ones stay, so that nobody is asked twice
  await sql`
    CREATE TABLE duplicate_pairs (
      -- in the order of the ids
      left_id text NOT NULL,
      right_id text NOT NULL,
      run_id text NOT NULL REFERENCES duplicate_runs,
      probability double precision NOT NULL,
      prior_bits double precision NOT NULL,
      -- by field: the level's number, from 1; 0 where one does not say
      levels integer[] NOT NULL,
      bits double precision[] NOT NULL,
      group_number integer NOT NULL,
      group_size integer NOT NULL,
      bridge boolean NOT NULL,
      state text NOT NULL,
      decided_by text NOT NULL DEFAULT '',
      decided_at timestamptz,
      PRIMARY KEY (left_id, right_id)
    )`.execute(db);
  await sql`CREATE INDEX duplicate_pairs_surest ON duplicate_pairs (state, probability DESC, left_id, right_id)`.execute(
    db,
  );
}

async function erasure(db: Kysely<unknown>): Promise<void> {
  // one row is one erasure; who it was about stands in it only until it is done, and as keyed hashes for ever
  await sql`
    CREATE TABLE erasures (
      id text PRIMARY KEY,
      -- the ids and addresses to look for; emptied at the end
      subject jsonb,
      subject_hash text NOT NULL,
      reason text NOT NULL,
      requested_by text NOT NULL,
      requested_at timestamptz NOT NULL,
      finished_at timestamptz,
      -- table -> rows removed or made anonymous
      removed jsonb NOT NULL DEFAULT '{}'
    )`.execute(db);
  // one row is one id or address that must not come back, as a keyed hash; lifted when the person returns by themselves
  await sql`
    CREATE TABLE held_back (
      hash text PRIMARY KEY,
      erasure_id text NOT NULL REFERENCES erasures,
      lifted_at timestamptz,
      lifted_by text
    )`.execute(db);
}
