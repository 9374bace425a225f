import { expect, test } from 'vitest';
import { Slots } from './slots.ts';

const { signal } = new AbortController();

test('those who wait come in the order of their arrival', async () => {
  const slots = new Slots(1, 10);
  const order: number[] = [];
  const first = await slots.take(signal);
  const others = [1, 2, 3].map(async n => {
    const give = await slots.take(signal);
    order.push(n);
    give();
  });
  first();
  await Promise.all(others);
  expect(order).toEqual([1, 2, 3]);
  expect(slots.taken).toBe(0);
});

test('who leaves the queue takes no slot', async () => {
  const slots = new Slots(1, 10);
  const give = await slots.take(signal);
  const leaver = new AbortController();
  const left = slots.take(leaver.signal);
  const next = slots.take(signal);
  leaver.abort();
  await expect(left).rejects.toMatchObject({ exceptionCode: 394 });
  give();
  (await next)();
  expect(slots.taken).toBe(0);
});

test('a queue that is full refuses with 503, as ClickHouse does', async () => {
  const slots = new Slots(1, 1);
  const give = await slots.take(signal);
  const waiting = slots.take(signal);
  await expect(slots.take(signal)).rejects.toMatchObject({ status: 503, exceptionCode: 202 });
  give();
  (await waiting)();
});
