import { AppError, EVENT_BYTES, REFUSALS, TrackingEvent } from '@bellwether/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Arrival } from './draft.ts';
import { judge, type Call } from './judge.ts';
import { shapeFault } from './shape.ts';

const RECEIVED = Date.UTC(2026, 0, 31, 12);
const arrival = (): Arrival => {
  let next = 0;
  return { source: 'website', receivedAt: RECEIVED, newId: () => `id-${next++}` };
};
const body = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const rowsIn = (lines: Buffer): Record<string, unknown>[] =>
  lines
    .toString()
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Record<string, unknown>);

const judged = (call: Call, value: unknown) => judge(call, body(value), arrival());
const rowOf = (call: Call, value: unknown) => rowsIn(judged(call, value).entry.events.lines)[0];
const refusalOf = (call: Call, value: unknown) => judged(call, value).refused[0]?.reason;

test('a track call becomes one row with its name, person, moments and properties', () => {
  const event = {
    messageId: 'm1',
    userId: 'u1',
    event: 'Order Completed',
    timestamp: '2026-01-31T11:59:00Z',
    properties: { total: 12.5, products: [{ sku: 'a' }] },
    context: { userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', ip: '10.0.0.1' },
  };
  expect(rowOf('track', event)).toEqual({
    event_id: 'm1',
    type: 'track',
    name: 'Order Completed',
    user_id: 'u1',
    anonymous_id: '',
    previous_id: '',
    at: '2026-01-31 11:59:00.000',
    received_at: '2026-01-31 12:00:00.000',
    source: 'website',
    bot: false,
    properties: event.properties,
    context: event.context,
  });
});

test('identify and group store their traits, group also whose group it is', () => {
  expect(rowOf('identify', { userId: 'u', traits: { plan: 'pro' } })?.['properties']).toEqual({
    plan: 'pro',
  });
  expect(rowOf('group', { userId: 'u', groupId: 'g', traits: { size: 3 } })?.['properties']).toEqual({
    size: 3,
    groupId: 'g',
  });
});

test('page and screen are named, the other calls but track are not', () => {
  expect(rowOf('page', { anonymousId: 'a', name: 'Home' })?.['name']).toBe('Home');
  expect(rowOf('screen', { anonymousId: 'a' })?.['name']).toBe('');
  expect(rowOf('identify', { userId: 'u', name: 'Ann' })?.['name']).toBe('');
});

test('an event without a messageId is given one', () => {
  expect(rowOf('page', { userId: 'u' })?.['event_id']).toBe('id-0');
});

test('the path says the type, whatever the body says', () => {
  expect(rowOf('page', { userId: 'u', type: 'track' })?.['type']).toBe('page');
});

test('robots are marked by their user agent', () => {
  const userAgent = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
  expect(rowOf('page', { userId: 'u', context: { userAgent } })?.['bot']).toBe(true);
});

test('a client whose clock is an hour slow is corrected by its sentAt', () => {
  const late = { userId: 'u', timestamp: '2026-01-31T10:58:00Z', sentAt: '2026-01-31T11:00:00Z' };
  expect(rowOf('page', late)?.['at']).toBe('2026-01-31 11:58:00.000');
  const { entry } = judged('batch', {
    batch: [{ type: 'page', userId: 'u', timestamp: late.timestamp }],
    sentAt: late.sentAt,
  });
  expect(rowsIn(entry.events.lines)[0]?.['at']).toBe('2026-01-31 11:58:00.000');
});

test('nothing happened after it arrived, or before 2000', () => {
  expect(rowOf('page', { userId: 'u', timestamp: '2031-01-01T00:00:00Z' })?.['at']).toBe(
    '2026-01-31 12:00:00.000',
  );
  expect(refusalOf('page', { userId: 'u', timestamp: '1999-12-31T23:59:59Z' })).toBe('bad_timestamp');
  expect(refusalOf('page', { userId: 'u', timestamp: 'order 1' })).toBe('bad_timestamp');
  expect(refusalOf('page', { userId: 'u', timestamp: '2026-02-31T99:00:00Z' })).toBe('bad_timestamp');
});

test("a batch's context goes under its events' own", () => {
  const { entry } = judged('batch', {
    context: { app: 'shop', locale: 'en' },
    batch: [{ type: 'page', userId: 'u', context: { locale: 'zh' } }],
  });
  expect(rowsIn(entry.events.lines)[0]?.['context']).toEqual({ app: 'shop', locale: 'zh' });
});

test.each([
  ['no_identity', 'page', { name: 'Home' }],
  ['no_identity', 'page', { userId: '', anonymousId: null }],
  ['no_event_name', 'track', { userId: 'u' }],
  ['no_event_name', 'track', { userId: 'u', event: '' }],
  ['alias_without_previous_id', 'alias', { userId: 'u' }],
  ['invalid_field', 'page', { userId: 7 }],
  ['invalid_field', 'page', { userId: 'u', properties: [] }],
  ['invalid_field', 'page', { userId: 'u'.repeat(256) }],
] as const)('%s: %s %j', (reason, call, event) => {
  expect(refusalOf(call, event)).toBe(reason);
});

test('a batch with bad events takes the good ones, and keeps the bad with their place and text', () => {
  const good = { type: 'page', userId: 'u' };
  const { accepted, refused, entry } = judged('batch', {
    sentAt: '2026-01-31T12:00:00Z',
    batch: [good, { type: 'purchase', userId: 'u' }, 'text', good, { type: 'track', userId: 'u' }],
  });
  expect(accepted).toBe(2);
  expect(refused.map(({ index, reason }) => [index, reason])).toEqual([
    [1, 'unknown_type'],
    [2, 'not_an_object'],
    [4, 'no_event_name'],
  ]);
  const kept = rowsIn(entry.quarantine.lines);
  expect(kept.map(row => row['line'])).toEqual([1, 2, 4]);
  expect(JSON.parse(String(kept[0]?.['raw']))).toEqual({
    type: 'purchase',
    userId: 'u',
    sentAt: '2026-01-31T12:00:00Z',
  });
});

test.each([
  ['collection.not_json', 'track', Buffer.from('{"userId":')],
  ['collection.not_an_object', 'track', Buffer.from('[1]')],
  ['collection.not_an_object', 'batch', Buffer.from('null')],
  ['collection.invalid_field', 'batch', Buffer.from('{"batch":{}}')],
  [
    'collection.too_large',
    'track',
    body({ userId: 'u', event: 'e', properties: { text: 'x'.repeat(EVENT_BYTES) } }),
  ],
  ['collection.too_large', 'batch', Buffer.alloc(500 * 1024 + 1, ' ')],
] as const)('%s: the whole %s is refused, and kept', (code, call, bytes) => {
  const { fault, entry } = judge(call, bytes, arrival());
  expect(fault?.code).toBe(code);
  expect(entry.quarantine.rows).toBe(1);
  expect(rowsIn(entry.quarantine.lines)).toHaveLength(1);
});

test('an event above 32 KB is refused in its batch, one just below is taken', () => {
  const sized = (bytes: number) => ({
    type: 'page',
    userId: 'u',
    properties: { text: '语'.repeat(bytes / 3) },
  });
  const { refused } = judged('batch', { batch: [sized(EVENT_BYTES - 100), sized(EVENT_BYTES + 100)] });
  expect(refused.map(({ index, reason }) => [index, reason])).toEqual([[1, 'too_large']]);
});

test('a body that nests a hundred thousand levels deep is refused, not fatal', () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  const { refused } = judge(
    'batch',
    Buffer.from(`{"batch":[{"type":"page","userId":"u","properties":{"a":${deep}}}]}`),
    arrival(),
  );
  expect(refused.map(({ reason }) => reason)).toEqual(['invalid_field']);
});

test('a byte order mark before the JSON is no fault', () => {
  const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body({ userId: 'u' })]);
  expect(judge('page', marked, arrival()).accepted).toBe(1);
});

const field = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 260, unit: 'binary' }) },
  fc.constantFrom('track', 'identify', 'page', 'alias', 'group', '2026-01-01T00:00:00Z', 'x'.repeat(255), ''),
  fc.constant(null),
  fc.double(),
  fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
  fc.jsonValue(),
);
const FIELDS = [
  'type', 'messageId', 'userId', 'anonymousId', 'previousId', 'groupId', 'event', 'name',
  'timestamp', 'sentAt', 'properties', 'traits', 'context', 'unknown',
]; // prettier-ignore
const anEvent = fc.record(Object.fromEntries(FIELDS.map(name => [name, field])), { requiredKeys: [] });
/** As JSON brings it: what an arbitrary makes may hold what JSON cannot. */
const asSent = (value: unknown): Record<string, unknown> =>
  JSON.parse(JSON.stringify(value)) as Record<string, unknown>;

test('property: the fast path takes exactly the shapes that TrackingEvent takes', () => {
  fc.assert(
    fc.property(anEvent, made => {
      const sent = { ...asSent(made), type: 'track' };
      expect(shapeFault(sent) === undefined).toBe(TrackingEvent.safeParse(sent).success);
    }),
    { numRuns: 3000 },
  );
});

test('property: every event of a batch is either taken or refused, each once, and lines are rows', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(anEvent, fc.jsonValue()), { maxLength: 8 }), events => {
      const { accepted, refused, entry } = judged('batch', { batch: events });
      expect(accepted + refused.length).toBe(events.length);
      expect(rowsIn(entry.events.lines)).toHaveLength(accepted);
      expect(rowsIn(entry.quarantine.lines)).toHaveLength(refused.length);
      expect(refused.every(({ reason }) => REFUSALS.includes(reason))).toBe(true);
    }),
  );
});

test('property: no bytes make it throw, and what it will have thrown is an AppError', () => {
  const calls = fc.constantFrom<Call>('track', 'identify', 'page', 'screen', 'group', 'alias', 'batch');
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map(text => Buffer.from(text)),
    fc.array(anEvent).map(batch => body({ batch })),
  );
  fc.assert(
    fc.property(calls, bytes, (call, sent) => {
      const { fault, accepted, refused } = judge(call, Buffer.from(sent), arrival());
      expect(fault === undefined || fault instanceof AppError).toBe(true);
      expect(fault === undefined || (accepted === 0 && refused.length === 1)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
