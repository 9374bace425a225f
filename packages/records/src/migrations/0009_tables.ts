import type { Kysely } from 'kysely';

/** Files that people learn from: what was read, what they chose, what speaks for leaks. Versions are kept as `table:ID`. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('learned_tables')
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('upload_id', 'text', column => column.notNull())
    .addColumn('file_name', 'text', column => column.notNull())
    .addColumn('file_path', 'text', column => column.notNull())
    .addColumn('file_hash', 'text', column => column.notNull())
    .addColumn('page', 'jsonb', column => column.notNull())
    .addColumn('choices', 'jsonb', column => column.notNull())
    .addColumn('created_at', 'timestamptz', column => column.notNull())
    .execute();
}
