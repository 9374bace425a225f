import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exponential, logisticFunction } from './probe.reference.ts';
import { withTeam } from './team.ts';

const sumsBy = (threads: number, x: Float32Array, grain: number): Float64Array =>
  withTeam('probe', { threads }, team => {
    const sums = team.f64(Math.ceil(x.length / grain));
    team.run('blockSums', x.length, grain, team.copied(x), sums);
    return sums.slice();
  });

test('a call gives the same with one thread, two and four, and no block is left out or done twice', () => {
  const x = Float32Array.from({ length: 300_000 }, (_, i) => Math.sin(i));
  const one = sumsBy(1, x, 1000);
  for (let round = 0; round < 20; round++) {
    expect(sumsBy(2, x, 1000)).toEqual(one);
    expect(sumsBy(4, x, 1000)).toEqual(one);
  }
  expect(one[299]).toBeCloseTo(
    x.subarray(299_000).reduce((sum, value) => sum + value, 0),
    5,
  );
});

test('more blocks than one ticket can count are shared out in turns', () => {
  const x = new Float32Array(200_000).fill(1);
  expect(sumsBy(2, x, 1)).toEqual(new Float64Array(200_000).fill(1));
});

test('the vector exponential agrees with its plain twin', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 4 }), values => {
      const x = Float32Array.from(values);
      const n = x.length & ~3;
      withTeam('probe', { threads: 1 }, team => {
        const [e, p] = [team.f32(x.length), team.f32(x.length)];
        team.run('exponentials', n, 4096, team.copied(x), e, p);
        for (let i = 0; i < n; i++) {
          expect(Math.abs(e[i] / exponential(x[i]) - 1)).toBeLessThan(3e-7);
          expect(Math.abs(p[i] - logisticFunction(x[i]))).toBeLessThan(3e-7);
        }
      });
    }),
  );
});

test('a table becomes rows with room after the last column', () => {
  const columns = [Float32Array.of(1, 2, 3), Float32Array.of(4, 5, NaN)];
  const rows = withTeam('probe', {}, team => team.rows({ names: ['a', 'b'], rows: 3, columns }).slice());
  expect([...rows]).toEqual([1, 4, 0, 0, 2, 5, 0, 0, 3, NaN, 0, 0]);
});

test('a kernel that traps is told as an error, and the next team works', () => {
  const run = () => withTeam('probe', { threads: 2 }, team => team.run('faulty', 100, 10));
  expect(run).toThrow('the kernel "faulty" trapped on 100 items');
  expect(sumsBy(2, Float32Array.of(1, 2), 1)).toEqual(Float64Array.of(1, 2));
});

test('an unknown kernel and an array from elsewhere are refused', () => {
  withTeam('probe', {}, team => {
    expect(() => team.run('nothing', 1, 1)).toThrow('there is no kernel "nothing"');
    expect(() => team.run('blockSums', 1, 1, new Float32Array(1))).toThrow('outside the memory of its team');
    expect(() => team.f32(2 ** 30)).toThrow('kernels can address 4096');
  });
});

test('team after team uses the same memory', () => {
  const before = process.memoryUsage().arrayBuffers;
  const use = () => withTeam('probe', { threads: 2 }, team => team.f32(4_000_000).length);
  for (let round = 0; round < 50; round++) use();
  // fifty of them would be 800 MB
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000);
});

test('a stopped signal ends the work at the next pause', async () => {
  const stop = new AbortController();
  const work = withTeam('probe', { signal: stop.signal }, async team => {
    for (;;) await team.pause();
  });
  setTimeout(() => stop.abort(), 20);
  await expect(work).rejects.toMatchObject({ code: 'ml.stopped' });
});
