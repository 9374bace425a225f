import { AppError } from '@bellwether/contracts';
import { sql, type ErasureSubject, type Records } from '@bellwether/records';
import { sqlBeside, type Warehouse } from '@bellwether/warehouse';
import { normaliseAddress } from '../address.ts';
import type { PrivacyStores } from '../stores.ts';

const WHOM = sqlBeside(import.meta.url, 'whom.sql');

/** Everything by which one person is known: their ids, visitor ids, addresses. */
export interface Person extends ErasureSubject {
  /** The id that they go by; the first of `ids`. */
  id: string;
}

/**
 * Gathers every id and address of a person from what is known of them: aliases, merges by hand, what sources said.
 *
 * @throws AppError `customer.unknown` when nothing is known by this id
 */
export async function personOf({ warehouse, records }: PrivacyStores, id: string): Promise<Person> {
  const merged = await mergedWith(records, id);
  const found = await warehouse.one<ErasureSubject & { owner: string; known: boolean }>(WHOM, {
    asked: [id, ...merged],
  });
  const spoken = await records
    .selectFrom('consents')
    .select('customer_id')
    .where('customer_id', '=', id)
    .limit(1)
    .execute();
  if (!found.known && spoken.length === 0)
    throw new AppError('customer.unknown', `there is no customer ${id}`);
  const owner = found.owner === '' ? id : found.owner;
  const ids = [...new Set([owner, id, ...merged, ...found.ids])];
  return { id: owner, ids, ...addressesOf(found) };
}

/** Who was joined with this id by a merge that holds, in either direction, and so on. */
async function mergedWith(records: Records, id: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    WITH RECURSIVE person(id) AS (
      SELECT ${id}::text
      UNION
      SELECT CASE WHEN merge.winner = person.id THEN merge.loser ELSE merge.winner END
      FROM identity_merges AS merge JOIN person ON person.id IN (merge.winner, merge.loser)
      WHERE merge.undone_at IS NULL
    )
    SELECT id FROM person`.execute(records);
  return rows.map(row => row.id);
}

/** As they were said and as they are compared, so that either spelling is found. */
function addressesOf({ emails, phones }: ErasureSubject): Pick<Person, 'emails' | 'phones'> {
  const spellings = (channel: 'email' | 'sms', said: readonly string[]): string[] => [
    ...new Set(said.flatMap(text => [text, normaliseAddress(channel, text) ?? text])),
  ];
  return { emails: spellings('email', emails), phones: spellings('sms', phones) };
}

/** Those of a person's e-mail addresses that nobody else is known by. */
export async function ownEmails(warehouse: Warehouse, { ids, emails }: ErasureSubject): Promise<string[]> {
  const shared = await warehouse.query<{ email: string }>(
    'SELECT DISTINCT email FROM customers WHERE email IN {emails:Array(String)} AND customer_id NOT IN {ids:Array(String)}',
    { ids, emails },
  );
  const others = new Set(shared.map(row => row.email));
  return emails.filter(email => !others.has(email) && !others.has(normaliseAddress('email', email) ?? email));
}
