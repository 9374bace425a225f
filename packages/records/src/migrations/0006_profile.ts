import type { Kysely } from 'kysely';

/** What a person says of profiles: traits of their own, names of segments, and the lookalikes that were made. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('traits')
    .addColumn('name', 'text', column => column.primaryKey())
    .addColumn('definition', 'jsonb', column => column.notNull())
    .addColumn('created_at', 'timestamptz', column => column.notNull())
    .execute();
  await db.schema
    .createTable('segment_names')
    .addColumn('key', 'text', column => column.primaryKey())
    .addColumn('words', 'jsonb', column => column.notNull())
    .addColumn('named_at', 'timestamptz', column => column.notNull())
    .execute();
  await db.schema
    .createTable('lookalikes')
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('result', 'jsonb', column => column.notNull())
    .addColumn('created_at', 'timestamptz', column => column.notNull())
    .execute();
}
