import type { Records } from '@bellwether/records';
import { randomBytes } from 'node:crypto';

const KEY = 'pseudonym_secret';

/** The installation's secret for pseudonyms, made when it is first asked for. */
export async function pseudonymSecret(records: Records): Promise<string> {
  await records
    .insertInto('settings')
    .values({ key: KEY, value: JSON.stringify(randomBytes(32).toString('hex')) })
    .onConflict(conflict => conflict.column('key').doNothing())
    .execute();
  const { value } = await records
    .selectFrom('settings')
    .select('value')
    .where('key', '=', KEY)
    .executeTakeFirstOrThrow();
  return String(value);
}
