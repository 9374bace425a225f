import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE users (
      id text PRIMARY KEY,
      email text NOT NULL UNIQUE,
      name text NOT NULL,
      role text NOT NULL,
      locale text NOT NULL,
      password_hash text NOT NULL,
      created_at timestamptz NOT NULL
    )`.execute(db);
  await sql`
    CREATE TABLE sessions (
      token_hash text PRIMARY KEY,
      user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
      created_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL
    )`.execute(db);
  await sql`
    CREATE TABLE api_keys (
      id text PRIMARY KEY,
      name text NOT NULL,
      scopes text[] NOT NULL,
      prefix text NOT NULL,
      key_hash text NOT NULL UNIQUE,
      created_at timestamptz NOT NULL,
      last_used_at timestamptz,
      revoked_at timestamptz
    )`.execute(db);
  await sql`CREATE TABLE settings (key text PRIMARY KEY, value jsonb NOT NULL)`.execute(db);
  // what the embedded mail sink received; the oldest go when there are too many
  await sql`
    CREATE TABLE sink_mails (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      mail_to text NOT NULL,
      mail_from text NOT NULL,
      subject text NOT NULL,
      html text NOT NULL,
      body text NOT NULL,
      headers jsonb NOT NULL,
      at timestamptz NOT NULL
    )`.execute(db);
}
