import { sql, type Kysely } from 'kysely';

/** Enrolments can wait for an event and leave for a reason. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE enrolments
      -- since when they stand on their node
      ADD COLUMN arrived_at timestamptz,
      -- what they waited for has happened
      ADD COLUMN woken boolean NOT NULL DEFAULT false,
      -- exit, goal, exit_when or stopped; empty while inside, and for the held-out
      ADD COLUMN left_because text NOT NULL DEFAULT ''`.execute(db);
  await sql`UPDATE enrolments SET arrived_at = entered_at`.execute(db);
  await sql`ALTER TABLE enrolments ALTER COLUMN arrived_at SET NOT NULL`.execute(db);
  await sql`CREATE INDEX enrolments_waiting ON enrolments (journey_id, node, customer_id) WHERE state = 'active'`.execute(
    db,
  );
  // up to when the events were looked at that a node waits for
  await sql`
    CREATE TABLE journey_marks (
      journey_id text NOT NULL REFERENCES journeys ON DELETE CASCADE,
      node text NOT NULL,
      looked_until timestamptz NOT NULL,
      PRIMARY KEY (journey_id, node)
    )`.execute(db);
}
