import { EVENT_BYTES, TrackingBatch, TrackingEvent } from '@bellwether/contracts';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DropReason, QueuedEvent } from './queue.ts';
import { memoryStorage } from './storage.ts';
import { createTracker, type TrackerOptions } from './track.ts';

/** A server that answers as it is told and keeps what it acknowledged. */
function serverThatAnswers(...statuses: number[]) {
  const calls: { headers: Headers; body: string; keepalive: boolean }[] = [];
  const accepted: TrackingEvent[] = [];
  const fetch = (async (_url: string, init: RequestInit & { body: string }) => {
    calls.push({
      headers: new Headers(init.headers),
      body: init.body,
      keepalive: init.keepalive === true,
    });
    const status = statuses[calls.length - 1] ?? 200;
    if (status === 0) throw new TypeError('network down');
    if (status === 200) accepted.push(...eventsOf(init.body));
    return new Response('{}', { status });
  }) as typeof globalThis.fetch;
  return { calls, accepted, fetch };
}
const eventsOf = (body: string) =>
  TrackingBatch.parse(JSON.parse(body)).batch.map(event => TrackingEvent.parse(event));

function trackerOf(fetch: typeof globalThis.fetch, more: Partial<TrackerOptions> = {}) {
  const dropped: [readonly QueuedEvent[], DropReason][] = [];
  let ids = 0;
  const tracker = createTracker({
    baseUrl: 'http://host',
    writeKey: 'wk',
    fetch,
    storage: memoryStorage(),
    id: () => `id-${(ids += 1)}`,
    onDrop: (events, why) => dropped.push([events, why]),
    ...more,
  });
  return { tracker, dropped };
}

describe('the tracking client', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('sends the six calls as the specification has them, with the key by Basic auth', async () => {
    const server = serverThatAnswers();
    const { tracker } = trackerOf(server.fetch);
    tracker.page('Home');
    tracker.identify('u1', { email: 'a@b.c' });
    tracker.track('Order Completed', { total: 12 });
    tracker.screen('Basket');
    tracker.group('g1');
    tracker.alias('u2');
    await tracker.flush();
    expect(server.calls).toHaveLength(1);
    expect(server.calls[0]?.headers.get('authorization')).toBe(`Basic ${btoa('wk:')}`);
    expect(
      server.accepted.map(({ type, userId, event, previousId }) => ({ type, userId, event, previousId })),
    ).toEqual([
      { type: 'page', userId: undefined, event: undefined, previousId: undefined },
      { type: 'identify', userId: 'u1', event: undefined, previousId: undefined },
      { type: 'track', userId: 'u1', event: 'Order Completed', previousId: undefined },
      { type: 'screen', userId: 'u1', event: undefined, previousId: undefined },
      { type: 'group', userId: 'u1', event: undefined, previousId: undefined },
      { type: 'alias', userId: 'u2', event: undefined, previousId: 'u1' },
    ]);
    expect(new Set(server.accepted.map(({ anonymousId }) => anonymousId)).size).toBe(1);
    expect(new Set(server.accepted.map(({ messageId }) => messageId)).size).toBe(6);
  });

  test('sends by itself when enough wait, or when the first has waited long enough', async () => {
    const server = serverThatAnswers();
    const { tracker } = trackerOf(server.fetch, { flushAt: 3, flushEvery: 1_000 });
    for (const name of ['a', 'b', 'c']) tracker.track(name);
    await vi.advanceTimersByTimeAsync(0);
    expect(server.accepted).toHaveLength(3);
    tracker.track('d');
    await vi.advanceTimersByTimeAsync(999);
    expect(server.accepted).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.accepted).toHaveLength(4);
  });

  test('tries again while the server is away, in the same order, and loses nothing', async () => {
    const server = serverThatAnswers(0, 503, 429);
    const { tracker, dropped } = trackerOf(server.fetch);
    tracker.track('a');
    tracker.track('b');
    await tracker.flush();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.calls).toHaveLength(4);
    expect(server.accepted.map(({ event }) => event)).toEqual(['a', 'b']);
    expect(dropped).toEqual([]);
  });

  test('gives up what the server refuses for good, and says so', async () => {
    const server = serverThatAnswers(401);
    const { tracker, dropped } = trackerOf(server.fetch);
    tracker.track('a');
    await tracker.flush();
    expect(dropped.map(([events, why]) => [events.length, why])).toEqual([[1, 'refused']]);
    await tracker.flush();
    expect(server.calls).toHaveLength(1);
  });

  test('a tab that was closed before the answer sends again from storage', async () => {
    const storage = memoryStorage();
    const away = serverThatAnswers(0, 0, 0);
    const before = trackerOf(away.fetch, { storage });
    before.tracker.track('a');
    await before.tracker.flush();
    const back = serverThatAnswers();
    const after = trackerOf(back.fetch, { storage });
    await after.tracker.flush();
    expect(back.accepted.map(({ event }) => event)).toEqual(['a']);
  });

  test('keeps the newest when too many wait, and drops an event that no server would take', () => {
    const { tracker, dropped } = trackerOf(serverThatAnswers(0).fetch, { keep: 2, flushAt: 100 });
    for (const name of ['a', 'b', 'c']) tracker.track(name);
    tracker.track('big', { text: 'x'.repeat(EVENT_BYTES) });
    expect(dropped.map(([events, why]) => [events[0]?.['event'], why])).toEqual([
      ['a', 'too_many'],
      ['big', 'too_large'],
    ]);
  });

  test('cuts what waits into batches that the server takes', async () => {
    const server = serverThatAnswers();
    const { tracker } = trackerOf(server.fetch, { flushAt: 1_000 });
    for (let i = 0; i < 40; i += 1) tracker.track('e', { text: '字'.repeat(8_000) });
    await tracker.flush();
    expect(server.accepted).toHaveLength(40);
    expect(server.calls.length).toBeGreaterThan(1);
    for (const { body } of server.calls)
      expect(new TextEncoder().encode(body).length).toBeLessThanOrEqual(500 * 1024);
  });

  test('forgets who it is on reset', async () => {
    const server = serverThatAnswers();
    const { tracker } = trackerOf(server.fetch);
    tracker.identify('u1');
    tracker.reset();
    tracker.track('a');
    await tracker.flush();
    const [first, second] = server.accepted;
    expect(second?.userId).toBeUndefined();
    expect(second?.anonymousId).not.toBe(first?.anonymousId);
  });

  test('sends what waits when the page goes, by a request that outlives it', async () => {
    const listeners = new Map<string, () => void>();
    vi.stubGlobal('addEventListener', (name: string, run: () => void) => void listeners.set(name, run));
    const server = serverThatAnswers();
    const { tracker } = trackerOf(server.fetch);
    vi.unstubAllGlobals();
    tracker.track('a');
    listeners.get('pagehide')?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.calls.map(({ keepalive }) => keepalive)).toEqual([true]);
    expect(server.accepted.map(({ event }) => event)).toEqual(['a']);
  });
});
