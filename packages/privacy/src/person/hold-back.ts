import { AppError } from '@bellwether/contracts';
import { sqlBeside } from '@bellwether/warehouse';
import { randomUUID } from 'node:crypto';
import { erasureKey, hashOf, hashSql } from './hashes.ts';
import { requestErasure, runErasure, type ErasureStores } from './erase.ts';

const RETURNED = sqlBeside(import.meta.url, 'returned.sql')
  .replace('{{id}}', () => hashSql('id'))
  .replace('{{email}}', () => hashSql('email'));

/**
 * Erases again whoever was erased and was told of once more since: a file that was imported again, a device that still
 * sends. Runs before each preparation, so that nobody who was erased is learned from, scored or written to.
 *
 * @returns how many people were held back
 */
export async function holdBack(stores: ErasureStores): Promise<number> {
  const { warehouse, records } = stores;
  const held = await records.selectFrom('held_back').select('hash').where('lifted_at', 'is', null).execute();
  if (held.length === 0) return 0;
  await warehouse.command('TRUNCATE TABLE held_back');
  await warehouse.insert('held_back', held, { token: `held_back:${randomUUID()}` });
  const rows = await warehouse.query<{ id: string }>(RETURNED, { key: await erasureKey(records) });
  for (const { id } of rows) {
    const request = { customerId: id, by: 'held back', reason: 'told of again after an erasure' };
    const { id: erasure } = await requestErasure(stores, request);
    await runErasure(stores, erasure);
  }
  return rows.length;
}

/**
 * Lets a person come back who was erased and returns by themselves.
 *
 * @throws AppError `privacy.not_held_back`
 */
export async function liftHold({ records, clock }: ErasureStores, id: string, by: string): Promise<void> {
  const key = await erasureKey(records);
  const held = await records
    .selectFrom('held_back')
    .select('erasure_id')
    .where('hash', '=', hashOf(key, id))
    .where('lifted_at', 'is', null)
    .executeTakeFirst();
  if (held === undefined)
    throw new AppError('privacy.not_held_back', `nobody was erased under the id or address "${id}"`);
  await records
    .updateTable('held_back')
    .set({ lifted_at: new Date(clock.now()), lifted_by: by })
    .where('erasure_id', '=', held.erasure_id)
    .execute();
}
