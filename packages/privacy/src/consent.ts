import {
  AppError,
  CONSENT_CHANNELS,
  CONSENT_PURPOSES,
  type Consent,
  type ConsentChannel,
  type ConsentPurpose,
} from '@bellwether/contracts';
import { sql, type Records } from '@bellwether/records';
import type { Warehouse } from '@bellwether/warehouse';
import { imported, type ImportedFacts } from './facts.ts';

/** What a person said, to whom and how we can prove it. */
export interface ConsentRecord {
  customerId: string;
  channel: ConsentChannel;
  purpose: ConsentPurpose;
  state: 'granted' | 'denied';
  /** Where it was said: `console`, `form`, `unsubscribe_link`, `api` … */
  source: string;
  /** What a regulator would be shown: the words, the form, the message's key. */
  proof: string;
  at: Date;
}

/** The newest record of one customer for one channel and purpose. */
export interface CurrentConsent {
  customer_id: string;
  channel: ConsentChannel;
  purpose: ConsentPurpose;
  state: 'granted' | 'denied';
  source: string;
  at: Date;
}

/**
 * Adds a consent or its withdrawal. Nothing is overwritten: the newest holds, the others are the proof.
 *
 * @throws AppError `privacy.no_customer` when it names nobody
 * @example
 * await recordConsent(records, { customerId: '17', channel: 'email', purpose: 'marketing', state: 'granted', source: 'form', proof: 'checkbox on /signup', at });
 */
export async function recordConsent(records: Records, consent: ConsentRecord): Promise<void> {
  if (consent.customerId === '')
    throw new AppError('privacy.no_customer', 'a consent was recorded for no customer; name whose it is');
  const { customerId: customer_id, ...rest } = consent;
  await records
    .insertInto('consents')
    .values({ customer_id, ...rest })
    .execute();
}

/**
 * Every channel and purpose with what the person said: an explicit record first, else what was imported, else unknown.
 * Unknown is shown as "has not been asked" and is no permission for marketing.
 *
 * @param warehouse where imported facts are read from; without it only explicit records count
 */
export async function consentsOf(
  records: Records,
  customerId: string,
  warehouse?: Warehouse,
): Promise<Consent[]> {
  const facts = warehouse === undefined ? undefined : (await imported(warehouse, [customerId]))[0];
  const explicit = await currentConsents(records, facts?.ids ?? [customerId]);
  return CONSENT_CHANNELS.flatMap(channel =>
    CONSENT_PURPOSES.map(purpose => {
      const record = newest(explicit.filter(row => row.channel === channel && row.purpose === purpose));
      return record === undefined ? fromFacts(channel, purpose, facts) : told(record);
    }),
  );
}

/** One channel and purpose of `consentsOf`. */
export async function consentOf(
  records: Records,
  customerId: string,
  channel: ConsentChannel,
  purpose: ConsentPurpose,
  warehouse?: Warehouse,
): Promise<Consent> {
  const all = await consentsOf(records, customerId, warehouse);
  // consentsOf answers for every pair of the two lists that the types are made of
  return all.find(consent => consent.channel === channel && consent.purpose === purpose)!;
}

/** Whether the newest explicit record of a customer is a refusal. */
export async function currentlyDenied(
  records: Records,
  customerId: string,
  channel: ConsentChannel,
  purpose: ConsentPurpose,
): Promise<boolean> {
  const all = await currentConsents(records, [customerId]);
  return all.some(row => row.channel === channel && row.purpose === purpose && row.state === 'denied');
}

/** The newest explicit records of many customers, at most one for each customer, channel and purpose. */
export async function currentConsents(
  records: Records,
  customerIds: readonly string[],
): Promise<CurrentConsent[]> {
  if (customerIds.length === 0) return [];
  return records
    .selectFrom('consents')
    .distinctOn(['customer_id', 'channel', 'purpose'])
    .select(['customer_id', 'channel', 'purpose', 'state', 'source', 'at'])
    .where(sql<boolean>`customer_id = ANY(${[...customerIds]}::text[])`)
    .orderBy(['customer_id', 'channel', 'purpose', 'at desc', 'id desc'])
    .execute();
}

/** What was said last. */
export function newest(rows: readonly CurrentConsent[]): CurrentConsent | undefined {
  return rows.reduce<CurrentConsent | undefined>(
    (last, row) => (last === undefined || row.at > last.at ? row : last),
    undefined,
  );
}

function told(record: CurrentConsent): Consent {
  const { channel, purpose, state, source, at } = record;
  return { channel, purpose, state, source, at: at.toISOString() };
}

function fromFacts(channel: ConsentChannel, purpose: ConsentPurpose, facts?: ImportedFacts): Consent {
  const said = channel === 'email' && purpose === 'marketing' ? (facts?.email_consent ?? null) : null;
  if (said === null) return { channel, purpose, state: 'unknown', at: null, source: '' };
  return { channel, purpose, state: said ? 'granted' : 'denied', at: null, source: 'import' };
}
