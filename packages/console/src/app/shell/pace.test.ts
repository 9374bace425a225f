import { expect, test } from 'vitest';
import { paceOf } from './pace.ts';

const started_at = '2026-01-01T00:00:00Z';
const after = (seconds: number) => Date.parse(started_at) + seconds * 1000;

test('rate and time left come from what was done since the start', () => {
  const job = { done: 200, total: 1_000, started_at, state: 'running' as const };
  expect(paceOf(job, after(10))).toEqual({ share: 0.2, perSecond: 20, secondsLeft: 40 });
});

test('nothing is promised before there is anything to go by', () => {
  const job = { done: 0, total: null, started_at, state: 'running' as const };
  expect(paceOf(job, after(0.1))).toEqual({ share: null, perSecond: null, secondsLeft: null });
  expect(paceOf({ ...job, done: 5, state: 'done' }, after(9)).secondsLeft).toBeNull();
});
