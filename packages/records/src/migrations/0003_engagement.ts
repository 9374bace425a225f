import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await audiences(db);
  await journeys(db);
  await messages(db);
  await consent(db);
}

async function audiences(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE audiences (
      id text PRIMARY KEY,
      name text NOT NULL,
      definition jsonb NOT NULL,
      size bigint NOT NULL DEFAULT 0,
      -- how often the members were computed; the warehouse's rows carry it
      computation integer NOT NULL DEFAULT 0,
      computed_at timestamptz,
      created_at timestamptz NOT NULL
    )`.execute(db);
  await sql`
    CREATE TABLE templates (
      id text PRIMARY KEY,
      name text NOT NULL,
      subject text NOT NULL,
      mjml text NOT NULL,
      updated_at timestamptz NOT NULL
    )`.execute(db);
}

async function journeys(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE journeys (
      id text PRIMARY KEY,
      name text NOT NULL,
      state text NOT NULL,
      version integer NOT NULL,
      -- the computation of the audience up to which members were enrolled
      enrolled_computation integer NOT NULL DEFAULT 0,
      created_at timestamptz NOT NULL,
      started_at timestamptz
    )`.execute(db);
  await sql`
    CREATE TABLE journey_versions (
      journey_id text NOT NULL REFERENCES journeys ON DELETE CASCADE,
      version integer NOT NULL,
      graph jsonb NOT NULL,
      created_at timestamptz NOT NULL,
      PRIMARY KEY (journey_id, version)
    )`.execute(db);
  await sql`
    CREATE TABLE enrolments (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      journey_id text NOT NULL REFERENCES journeys ON DELETE CASCADE,
      version integer NOT NULL,
      customer_id text NOT NULL,
      -- treated, or holdout: left alone and measured against
      arm text NOT NULL,
      node text NOT NULL,
      -- steps taken: with the node it names one visit, also in a circle
      visit integer NOT NULL DEFAULT 1,
      state text NOT NULL,
      due_at timestamptz NOT NULL,
      entered_at timestamptz NOT NULL,
      left_at timestamptz,
      UNIQUE (journey_id, customer_id)
    )`.execute(db);
  await sql`CREATE INDEX enrolments_due ON enrolments (journey_id, due_at) WHERE state = 'active'`.execute(
    db,
  );
  // one row is one batch that went through one node: appended, so that workers do not wait for each other
  await sql`
    CREATE TABLE journey_flow (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      journey_id text NOT NULL REFERENCES journeys ON DELETE CASCADE,
      node text NOT NULL,
      passed integer NOT NULL,
      at timestamptz NOT NULL
    )`.execute(db);
  await sql`CREATE INDEX journey_flow_by_node ON journey_flow (journey_id, node)`.execute(db);
}

async function messages(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE outbox (
      -- enrolment:node:visit: the same step can never ask twice
      key text PRIMARY KEY,
      enrolment_id bigint NOT NULL,
      journey_id text NOT NULL,
      node text NOT NULL,
      channel text NOT NULL,
      customer_id text NOT NULL,
      template_id text NOT NULL,
      dry_run boolean NOT NULL,
      state text NOT NULL,
      reason text NOT NULL DEFAULT '',
      subject text NOT NULL DEFAULT '',
      attempts integer NOT NULL DEFAULT 0,
      due_at timestamptz NOT NULL,
      claimed_at timestamptz,
      -- the worker that holds it; whether that worker lives is told by its advisory lock
      claimed_by text,
      -- from here on it may have left: after a crash it is unknown, and never sent again
      handed_at timestamptz,
      -- whom it was handed to, so that an unsubscription or a bounce finds the address
      address text NOT NULL DEFAULT '',
      sent_at timestamptz,
      created_at timestamptz NOT NULL
    )`.execute(db);
  await sql`CREATE INDEX outbox_due ON outbox (journey_id, due_at) WHERE state = 'pending'`.execute(db);
  await sql`CREATE INDEX outbox_claimed ON outbox (customer_id) WHERE state = 'sending'`.execute(db);
  await sql`CREATE INDEX outbox_by_journey ON outbox (journey_id, created_at)`.execute(db);
  await sql`CREATE INDEX outbox_handed ON outbox (customer_id, handed_at) WHERE handed_at IS NOT NULL`.execute(
    db,
  );
  // what the warehouse is still to be told, written with the decision itself; a row is deleted once it is there
  await sql`
    CREATE TABLE warehouse_feed (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      -- the table of the warehouse
      target text NOT NULL,
      content jsonb NOT NULL
    )`.execute(db);
}

async function consent(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE consents (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      customer_id text NOT NULL,
      channel text NOT NULL,
      purpose text NOT NULL,
      state text NOT NULL,
      source text NOT NULL,
      proof text NOT NULL,
      at timestamptz NOT NULL
    )`.execute(db);
  await sql`CREATE INDEX consents_newest ON consents (customer_id, channel, purpose, at DESC, id DESC)`.execute(
    db,
  );
  await sql`
    CREATE TABLE suppressions (
      channel text NOT NULL,
      -- the address, normalised
      address text NOT NULL,
      reason text NOT NULL,
      at timestamptz NOT NULL,
      PRIMARY KEY (channel, address)
    )`.execute(db);
}
