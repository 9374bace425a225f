import { sql, type Kysely } from 'kysely';

/** The reason for a state is told in both languages. Cards tell their kind, their figures by name and their limits; those kept so far were all classifiers'. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    UPDATE model_versions SET card = card || jsonb_build_object(
      'kind', 'classifier',
      'limits', '[]'::jsonb,
      'figures', jsonb_build_array(jsonb_build_object(
        'name', 'auc',
        'words', jsonb_build_object('en', 'AUC', 'zh-CN', 'AUC'),
        'unit', 'number',
        'better', 'higher',
        'model', card -> 'model' -> 'auc',
        'baseline', card -> 'baseline' -> 'auc'
      ))
    )
    WHERE NOT card ? 'kind'`.execute(db);
  await sql`
    ALTER TABLE model_versions
    ALTER COLUMN why TYPE jsonb USING jsonb_build_object('en', why, 'zh-CN', why)`.execute(db);
}
