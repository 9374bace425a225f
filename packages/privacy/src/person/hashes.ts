import { sql, type Records } from '@bellwether/records';
import { createHash, randomBytes } from 'node:crypto';

const SETTING = 'erasure_key';

/**
 * The key of the hashes by which erased people are recognised. Made once; without it a hash of a short customer number
 * could be found by trying all numbers.
 */
export async function erasureKey(records: Records): Promise<string> {
  const fresh = JSON.stringify(randomBytes(32).toString('hex'));
  await sql`INSERT INTO settings (key, value) VALUES (${SETTING}, ${fresh}::jsonb) ON CONFLICT DO NOTHING`.execute(
    records,
  );
  const row = await records
    .selectFrom('settings')
    .select('value')
    .where('key', '=', SETTING)
    .executeTakeFirstOrThrow();
  return String(row.value);
}

/** The keyed hash of an id or address. `hashSql` writes the same in ClickHouse. */
export function hashOf(key: string, text: string): string {
  return createHash('sha256').update(`${key}|${text}`).digest('hex');
}

/** `hashOf` in ClickHouse, of a column or expression, with the parameter `key`. */
export const hashSql = (text: string): string => `lower(hex(SHA256(concat({key:String}, '|', ${text}))))`;
