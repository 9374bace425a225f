import { sql, type Kysely } from 'kysely';

/** What scenarios did, when they do it, what came of it, and which version runs in the shadow of the champion. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // one row is one time that a scenario was trained, applied or judged
  await sql`
    CREATE TABLE scenario_runs (
      id text PRIMARY KEY,
      scenario text NOT NULL,
      -- train, apply or judge
      what text NOT NULL,
      -- asked, schedule or loop
      cause text NOT NULL,
      state text NOT NULL,
      started_at timestamptz NOT NULL,
      finished_at timestamptz,
      version integer,
      -- table -> rows that it held when the run began, and rows that the run put in
      rows_read jsonb NOT NULL DEFAULT '{}',
      rows_written jsonb NOT NULL DEFAULT '{}',
      result jsonb NOT NULL DEFAULT '{}',
      error text,
      job_id text
    )`.execute(db);
  await sql`CREATE INDEX scenario_runs_newest ON scenario_runs (scenario, started_at DESC)`.execute(db);
  await sql`
    CREATE TABLE scenario_schedules (
      scenario text PRIMARY KEY,
      schedule jsonb NOT NULL,
      changed_at timestamptz NOT NULL
    )`.execute(db);
  // one row is the next time of one piece of a schedule; who holds the row's lock asks for the work
  await sql`
    CREATE TABLE scenario_dues (
      scenario text NOT NULL,
      piece text NOT NULL,
      due_at timestamptz NOT NULL,
      last_at timestamptz,
      PRIMARY KEY (scenario, piece)
    )`.execute(db);
  // one row is one whole run judged by what happened in the horizon after it
  await sql`
    CREATE TABLE scenario_outcomes (
      scenario text NOT NULL,
      as_of timestamptz NOT NULL,
      scored_at timestamptz NOT NULL,
      version integer NOT NULL,
      judged_at timestamptz NOT NULL,
      customers bigint NOT NULL,
      -- whether from what was told then, or by the version anew
      told boolean NOT NULL,
      figures jsonb NOT NULL,
      calibration jsonb NOT NULL DEFAULT '[]',
      PRIMARY KEY (scenario, as_of)
    )`.execute(db);
  await sql`
    CREATE TABLE scenario_shadows (
      scenario text PRIMARY KEY,
      version integer NOT NULL,
      since timestamptz NOT NULL,
      FOREIGN KEY (scenario, version) REFERENCES model_versions
    )`.execute(db);
}
