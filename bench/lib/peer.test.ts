import { afterEach, expect, test, vi } from 'vitest';
import { beside, medians, NOT_AVAILABLE, ownRun, withPeer, type Run } from './peer.ts';

afterEach(() => vi.unstubAllEnvs());

const run = (seconds: number): Run => ({ seconds, cpu_seconds: 2 * seconds, peak_rss_mb: 1, auc: 0.7 });

test('where the interpreter is missing, the peer is not available, however often it is asked', async () => {
  vi.stubEnv('BENCH_PYTHON', '/nowhere/python3');
  await withPeer('echo', { arrays: { x: Float32Array.of(1, 2) }, threads: 1 }, async peer => {
    expect(await peer.run()).toBe(NOT_AVAILABLE);
    expect(await peer.run()).toBe(NOT_AVAILABLE);
  });
});

test('a peer is given the arrays in their shapes, and answers each run', async ({ skip }) => {
  const x = { values: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] };
  const arrays = { x, y: Uint32Array.of(7, 4_000_000_000), shared: new Uint8Array(new SharedArrayBuffer(3)) };
  await withPeer('echo', { arrays, threads: 2 }, async peer => {
    const first = await peer.run({ times: 10 });
    if (first === NOT_AVAILABLE) skip('python3 with numpy is not on this machine');
    expect(first).toMatchObject({
      x_sum: 210,
      x_rows: 2,
      y_last: 4_000_000_000,
      shared_length: 3,
      threads: 2,
    });
    expect(await peer.run({ times: 1 })).toMatchObject({ x_sum: 21 });
  });
});

test('ours is judged outside the time that is measured', async () => {
  const cost = await ownRun(
    () => 3,
    n => ({ quality: n * 2 }),
  );
  expect(cost).toMatchObject({ quality: 6 });
  expect(cost.peak_rss_mb).toBeGreaterThan(1);
});

test('works take turns, the first run of both is not counted, and medians are taken figure by figure', async () => {
  const [own, others] = [
    [9, 1, 2, 3],
    [9, 6, 4, 5],
  ].map(list => list.values());
  const next = (list: Iterator<number> | undefined) => Promise.resolve(run(list?.next().value ?? NaN));
  const { ours, theirs } = await beside(
    3,
    () => next(own),
    () => next(others),
  );
  expect(ours).toEqual(run(2));
  expect(theirs).toEqual(run(5));
  expect(medians([run(1), run(2)])).toEqual(run(1.5));
});

test('ours is measured where the peer is not available', async () => {
  const answer = await beside(
    1,
    () => Promise.resolve(run(1)),
    () => Promise.resolve(NOT_AVAILABLE),
  );
  expect(answer).toEqual({ ours: run(1), theirs: NOT_AVAILABLE });
});
