import type { ConsentChannel, ConsentPurpose } from '@bellwether/contracts';
import type { Records } from '@bellwether/records';
import { normaliseAddress } from './address.ts';
import { currentConsents, newest, type CurrentConsent } from './consent.ts';
import { imported, type ImportedFacts } from './facts.ts';
import type { PrivacyStores } from './stores.ts';
import { suppressedOf } from './suppression.ts';

/** Why a message must not go out, in the order in which they are asked. */
export const SEND_REFUSALS = [
  'unknown_customer',
  'no_address',
  'suppressed',
  'consent_withdrawn',
  'no_consent',
] as const;
export type SendRefusal = (typeof SEND_REFUSALS)[number];

export type Permission = { ok: true; address: string } | { ok: false; reason: SendRefusal };

export interface SendQuestion {
  channel: ConsentChannel;
  purpose: ConsentPurpose;
  customerIds: readonly string[];
}

/**
 * The setting that lets marketing go to people who bought and were never asked ("soft opt-in", where the law has it).
 * It is off unless the records' settings hold `true` under this key; a person who refused is refused all the same.
 */
export const ASSUME_CONSENT = 'assume_consent_for_customers';

/**
 * Asks, at the moment of sending, for a whole batch: is there an address, and may we write to it? Unknown consent is a
 * refusal for marketing; service messages (a receipt, an answer) need an address that is not suppressed and no refusal.
 *
 * @returns one permission for each id asked
 * @example
 * const verdicts = await maySend(stores, { channel: 'email', purpose: 'marketing', customerIds: ['17'] });
 * verdicts.get('17') // { ok: false, reason: 'no_consent' }
 */
export async function maySend(
  stores: PrivacyStores,
  question: SendQuestion,
): Promise<Map<string, Permission>> {
  const { channel, customerIds } = question;
  const people = await imported(stores.warehouse, customerIds);
  const [consents, assume] = await Promise.all([
    currentConsents(
      stores.records,
      people.flatMap(row => row.ids),
    ),
    assumesConsent(stores.records),
  ]);
  const facts = new Map(people.map(row => [row.id, row]));
  const addresses = new Map(people.map(row => [row.id, addressOf(channel, row)]));
  const reachable = [...addresses.values()].filter(address => address !== undefined);
  const suppressed = await suppressedOf(stores.records, channel, reachable);
  const explicit = byCustomer(consents.filter(sameAs(question)));
  return new Map(
    customerIds.map(id => {
      const [fact, address] = [facts.get(id), addresses.get(id)];
      if (fact === undefined) return [id, refused('unknown_customer')];
      if (address === undefined) return [id, refused('no_address')];
      if (suppressed.has(address)) return [id, refused('suppressed')];
      const reason = consentFault(question, lastSaid(explicit, fact.ids), fact, assume);
      return [id, reason === undefined ? { ok: true, address } : refused(reason)];
    }),
  );
}

function consentFault(
  { channel, purpose }: SendQuestion,
  explicit: 'granted' | 'denied' | undefined,
  fact: ImportedFacts,
  assume: boolean,
): SendRefusal | undefined {
  const said = explicit ?? factState(channel, purpose, fact);
  if (said === 'denied') return 'consent_withdrawn';
  if (said === 'granted' || purpose === 'service') return undefined;
  return assume && fact.orders > 0 ? undefined : 'no_consent';
}

function byCustomer(consents: readonly CurrentConsent[]): ReadonlyMap<string, CurrentConsent> {
  return new Map(consents.map(row => [row.customer_id, row]));
}

function lastSaid(explicit: ReadonlyMap<string, CurrentConsent>, ids: readonly string[]) {
  return newest(ids.map(id => explicit.get(id)).filter(row => row !== undefined))?.state;
}

function factState(channel: ConsentChannel, purpose: ConsentPurpose, fact: ImportedFacts) {
  if (channel !== 'email' || purpose !== 'marketing' || fact.email_consent === null) return undefined;
  return fact.email_consent ? 'granted' : 'denied';
}

function addressOf(channel: ConsentChannel, fact: ImportedFacts): string | undefined {
  if (channel === 'email') return normaliseAddress('email', fact.email);
  return channel === 'sms' ? normaliseAddress('sms', fact.phone) : fact.id;
}

const refused = (reason: SendRefusal): Permission => ({ ok: false, reason });

const sameAs = (question: SendQuestion) => (row: CurrentConsent) =>
  row.channel === question.channel && row.purpose === question.purpose;

async function assumesConsent(records: Records): Promise<boolean> {
  const row = await records
    .selectFrom('settings')
    .select('value')
    .where('key', '=', ASSUME_CONSENT)
    .executeTakeFirst();
  return row?.value === true;
}
