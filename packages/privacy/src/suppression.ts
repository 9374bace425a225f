import { AppError, type ConsentChannel } from '@bellwether/contracts';
import { sql, type Records } from '@bellwether/records';
import { normaliseAddress } from './address.ts';
import { erasureKey, hashOf } from './person/hashes.ts';

export const SUPPRESSION_REASONS = ['unsubscribed', 'bounced', 'complained', 'manual'] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

export interface Suppression {
  channel: ConsentChannel;
  address: string;
  reason: SuppressionReason;
  at: Date;
}

/**
 * Never write to this address again. The first reason stays.
 *
 * @throws AppError `privacy.bad_address` when it is no address of that channel
 */
export async function suppress(records: Records, suppression: Suppression): Promise<void> {
  const address = normaliseAddress(suppression.channel, suppression.address);
  if (address === undefined)
    throw new AppError(
      'privacy.bad_address',
      `"${suppression.address}" is no address for ${suppression.channel}, so it cannot be suppressed`,
    );
  await records
    .insertInto('suppressions')
    .values({ ...suppression, address })
    .onConflict(conflict => conflict.columns(['channel', 'address']).doNothing())
    .execute();
}

/** Whether an address, however it is spelt, must not be written to. */
export async function isSuppressed(
  records: Records,
  channel: ConsentChannel,
  address: string,
): Promise<boolean> {
  const normalised = normaliseAddress(channel, address);
  return normalised !== undefined && (await suppressedOf(records, channel, [normalised])).size > 0;
}

/** Those of many normalised addresses that are suppressed; of erased people only a keyed hash is kept. */
export async function suppressedOf(
  records: Records,
  channel: ConsentChannel,
  addresses: readonly string[],
): Promise<Set<string>> {
  if (addresses.length === 0) return new Set();
  const key = await erasureKey(records);
  const spelt = new Map(
    addresses.flatMap(address => [address, hashOf(key, address)].map(form => [form, address])),
  );
  const rows = await records
    .selectFrom('suppressions')
    .select('address')
    .where('channel', '=', channel)
    .where(sql<boolean>`address = ANY(${[...spelt.keys()]}::text[])`)
    .execute();
  return new Set(rows.map(row => spelt.get(row.address) ?? row.address));
}
