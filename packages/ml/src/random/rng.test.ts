import { expect, test } from 'vitest';
import { Rng } from './rng.ts';

/** xoshiro128** 1.1 written again with whole numbers of any size, from its authors' description. */
function reference(state: bigint[]): () => number {
  const mask = 0xffffffffn;
  const rotl = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (32n - k))) & mask;
  return () => {
    const result = (rotl((state[1] * 5n) & mask, 7n) * 9n) & mask;
    const t = (state[1] << 9n) & mask;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= t;
    state[3] = rotl(state[3], 11n);
    return Number(result);
  };
}

test('it draws what the algorithm says', () => {
  const state = [0, 1, 2, 3].map(word => BigInt(Rng.seedWords(42)[word]));
  const rng = new Rng(42);
  const expected = reference(state);
  for (let i = 0; i < 1000; i++) expect(rng.bits()).toBe(expected());
});

test('the same seed draws the same; the moments are those of the distributions', () => {
  const [a, b, other] = [new Rng(1), new Rng(1), new Rng(2)];
  expect(Array.from({ length: 5 }, () => a.uniform())).toEqual(Array.from({ length: 5 }, () => b.uniform()));
  expect(other.uniform()).not.toBe(new Rng(1).uniform());
  const normals = Array.from({ length: 20_000 }, () => a.normal());
  const mean = normals.reduce((sum, x) => sum + x, 0) / normals.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(normals.reduce((sum, x) => sum + x * x, 0) / normals.length).toBeCloseTo(1, 1);
  expect([...new Rng(9).permutation(50)].sort((x, y) => x - y)).toEqual(
    Array.from({ length: 50 }, (_, i) => i),
  );
});
