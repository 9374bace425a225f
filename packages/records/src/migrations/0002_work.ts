import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE jobs (
      id text PRIMARY KEY,
      name text NOT NULL,
      subject text NOT NULL,
      args jsonb NOT NULL,
      state text NOT NULL,
      done double precision NOT NULL DEFAULT 0,
      total double precision,
      unit text NOT NULL DEFAULT '',
      step text NOT NULL DEFAULT '',
      error text,
      result jsonb,
      cancel_requested boolean NOT NULL DEFAULT false,
      -- the node that runs it
      claimed_by text,
      created_at timestamptz NOT NULL,
      started_at timestamptz,
      finished_at timestamptz
    )`.execute(db);
  // the same work is not asked for twice
  await sql`
    CREATE UNIQUE INDEX jobs_one_at_a_time ON jobs (name, subject)
    WHERE state IN ('queued', 'running')`.execute(db);
  await sql`CREATE INDEX jobs_newest ON jobs (created_at DESC)`.execute(db);
  await imports(db);
  await sql`
    CREATE TABLE identity_merges (
      id text PRIMARY KEY,
      winner text NOT NULL,
      loser text NOT NULL,
      made_by text NOT NULL,
      at timestamptz NOT NULL,
      undone_at timestamptz
    )`.execute(db);
  await sql`
    CREATE TABLE model_versions (
      scenario text NOT NULL,
      version integer NOT NULL,
      state text NOT NULL,
      why text NOT NULL,
      card jsonb NOT NULL,
      model bytea NOT NULL,
      created_at timestamptz NOT NULL,
      promoted_at timestamptz,
      PRIMARY KEY (scenario, version)
    )`.execute(db);
  await sql`CREATE UNIQUE INDEX one_champion ON model_versions (scenario) WHERE state = 'champion'`.execute(
    db,
  );
}

async function imports(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE imports (
      id text PRIMARY KEY,
      file_name text NOT NULL,
      file_path text NOT NULL,
      file_hash text NOT NULL,
      kind text NOT NULL,
      mapping jsonb NOT NULL,
      format jsonb NOT NULL,
      -- the file's columns in their order: refused lines can be read again without it
      columns jsonb NOT NULL DEFAULT '[]',
      state text NOT NULL,
      rows_read bigint NOT NULL DEFAULT 0,
      rows_loaded bigint NOT NULL DEFAULT 0,
      rows_refused bigint NOT NULL DEFAULT 0,
      rows_known bigint NOT NULL DEFAULT 0,
      bytes_done bigint NOT NULL DEFAULT 0,
      bytes_total bigint NOT NULL DEFAULT 0,
      -- blocks staged so far: where a stopped or killed import goes on
      blocks_done integer NOT NULL DEFAULT 0,
      error text,
      created_at timestamptz NOT NULL,
      finished_at timestamptz
    )`.execute(db);
  await sql`CREATE INDEX imports_by_hash ON imports (file_hash)`.execute(db);
}
