import { freshRecords, freshWarehouse, story } from '@bellwether/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  ASSUME_CONSENT,
  consentsOf,
  isSuppressed,
  maySend,
  normaliseAddress,
  recordConsent,
  suppress,
  type PrivacyStores,
} from './index.ts';

let stores: PrivacyStores;
const marketing = { channel: 'email', purpose: 'marketing' } as const;

beforeAll(async () => {
  stores = {
    warehouse: await freshWarehouse(),
    records: await freshRecords(),
  };
  const person = (customer_id: string, email: string, email_consent: 0 | 1 | null, orders = 0) => ({
    ...{ customer_id, email, email_consent, orders, phone: '', name: '', traits: '{}', revenue: 0 },
    aliases: customer_id === 'winner' ? ['winner', 'loser'] : [customer_id],
  });
  await stores.warehouse.insert(
    'customers',
    [
      person('yes', 'Yes@Example.com ', 1),
      person('no', 'no@example.com', 0),
      person('unasked', 'unasked@example.com', null, 3),
      person('bare', '', 1),
      person('winner', 'winner@example.com', 1),
    ],
    { token: 'people' },
  );
  await stores.warehouse.insert(
    'identity',
    [{ alias: 'loser', customer_id: 'winner', linked_at: '2026-01-01 00:00:00.000' }],
    { token: 'links' },
  );
});
afterAll(async () => {
  await stores.warehouse.close();
  await stores.records.destroy();
});

const verdicts = async (...customerIds: string[]) =>
  Object.fromEntries(
    [...(await maySend(stores, { ...marketing, customerIds }))].map(([id, verdict]) => [
      id,
      verdict.ok ? verdict.address : verdict.reason,
    ]),
  );
const say = (customerId: string, state: 'granted' | 'denied', day: number) =>
  recordConsent(stores.records, {
    ...{ customerId, ...marketing, state, source: 'form', proof: 'checkbox on /signup' },
    at: new Date(Date.UTC(2026, 0, day)),
  });

test('a whole batch is answered at once, each refusal with its reason', async () => {
  expect(await verdicts('yes', 'no', 'unasked', 'bare', 'nobody')).toEqual({
    yes: 'yes@example.com',
    no: 'consent_withdrawn',
    unasked: 'no_consent',
    bare: 'no_address',
    nobody: 'unknown_customer',
  });
  expect(await verdicts()).toEqual({});
});

story('what a customer says herself wins over what was imported, and the last word holds', {
  given: async () => {
    await say('no', 'granted', 3);
    await say('yes', 'denied', 4);
    await say('yes', 'granted', 2);
  },
  when: () => verdicts('yes', 'no'),
  then: async result => {
    expect(result).toEqual({ yes: 'consent_withdrawn', no: 'no@example.com' });
    const [email] = await consentsOf(stores.records, 'yes', stores.warehouse);
    expect(email).toEqual({ ...marketing, state: 'denied', source: 'form', at: '2026-01-04T00:00:00.000Z' });
    expect(await stores.records.selectFrom('consents').select('proof').execute()).toHaveLength(3);
  },
});

story('a withdrawal under a merged id holds for the whole person', {
  given: () => say('loser', 'denied', 5),
  when: () => verdicts('winner', 'loser'),
  then: result => expect(result).toEqual({ winner: 'consent_withdrawn', loser: 'consent_withdrawn' }),
});

test('who was never asked is shown as unknown; imported consent says where it is from', async () => {
  const of = async (id: string) => (await consentsOf(stores.records, id, stores.warehouse))[0];
  expect(await of('unasked')).toEqual({ ...marketing, state: 'unknown', at: null, source: '' });
  expect(await of('bare')).toEqual({ ...marketing, state: 'granted', at: null, source: 'import' });
  expect(await consentsOf(stores.records, 'bare')).toHaveLength(8);
});

test('the setting lets marketing go to buyers who were not asked, and to nobody who refused', async () => {
  await stores.records
    .insertInto('settings')
    .values({ key: ASSUME_CONSENT, value: JSON.stringify(true) })
    .execute();
  expect(await verdicts('unasked', 'yes')).toEqual({
    unasked: 'unasked@example.com',
    yes: 'consent_withdrawn',
  });
  await stores.records.deleteFrom('settings').execute();
});

story('a suppressed address is refused however it is written', {
  given: async () => {
    const at = new Date(Date.UTC(2026, 0, 6));
    await suppress(stores.records, { channel: 'email', address: ' NO@example.COM', reason: 'bounced', at });
    await suppress(stores.records, { channel: 'email', address: 'no@example.com', reason: 'manual', at });
  },
  when: () => verdicts('no'),
  then: async result => {
    expect(result).toEqual({ no: 'suppressed' });
    expect(await isSuppressed(stores.records, 'email', 'No@Example.com')).toBe(true);
    expect(await isSuppressed(stores.records, 'email', 'nobody')).toBe(false);
    await expect(
      suppress(stores.records, { channel: 'email', address: 'x', reason: 'manual', at: new Date(0) }),
    ).rejects.toMatchObject({ code: 'privacy.bad_address' });
  },
});

test('service mail needs no consent, but a refusal holds', async () => {
  const answer = await maySend(stores, {
    channel: 'email',
    purpose: 'service',
    customerIds: ['unasked', 'bare'],
  });
  expect([...answer.values()]).toEqual([
    { ok: true, address: 'unasked@example.com' },
    { ok: false, reason: 'no_address' },
  ]);
});

test('a normalised address is its own normal form and carries nothing that breaks a header', () => {
  expect(normaliseAddress('email', 'Ann@Bücher.example')).toBe('ann@xn--bcher-kva.example');
  expect(normaliseAddress('sms', '+86 139-1234 5678')).toBe('+8613912345678');
  for (const bad of [
    'a b@x.org',
    'a@b',
    'a@x.org\r\nBcc: b@x.org',
    'a,b@x.org',
    '<a@x.org>',
    '@x.org',
    'a@-x.org',
  ])
    expect(normaliseAddress('email', bad)).toBeUndefined();
  const text = fc.oneof(fc.emailAddress(), fc.string({ unit: 'grapheme' }));
  fc.assert(
    fc.property(text, raw => {
      const once = normaliseAddress('email', raw);
      if (once === undefined) return;
      expect(normaliseAddress('email', once)).toBe(once);
      expect(once).not.toMatch(/[\s<>,;]/);
    }),
  );
});
