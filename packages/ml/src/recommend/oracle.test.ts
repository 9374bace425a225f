import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { distance } from '../oracle.testing.ts';
import { als, loadAls } from './als.ts';
import { ease } from './ease.ts';
import { padded } from './exact.ts';
import { itemKnn, type ItemKnnParameters } from './item-knn.ts';
import type { ItemRecommender } from './item-weights.ts';
import { dense } from './made.testing.ts';
import type { Interactions } from './recommender.ts';

interface Oracle extends Record<'cosine' | 'tfidf' | 'bm25' | 'ease' | 'ease_dropout', number[]> {
  users: number;
  items: number;
  factors: number;
  offsets: number[];
  indices: number[];
  values: number[];
  als: Record<'x0' | 'y0' | 'x' | 'y', number[]>;
}

// the file is ours, written by the script beside it
const oracle = JSON.parse(
  readFileSync(new URL('../../oracles/recommend.json', import.meta.url), 'utf8'),
) as Oracle;
const interactions: Interactions = {
  rows: oracle.users,
  width: oracle.items,
  offsets: Uint32Array.from(oracle.offsets),
  indices: Uint32Array.from(oracle.indices),
  values: Float32Array.from(oracle.values),
};

function withStride(vectors: readonly number[]): Float32Array {
  const [factors, rank] = [oracle.factors, padded(oracle.factors)];
  const out = new Float32Array((vectors.length / factors) * rank);
  vectors.forEach((value, at) => (out[Math.floor(at / factors) * rank + (at % factors)] = value));
  return out;
}

test('factors after four iterations from the same start are those of implicit', async () => {
  const parameters = { factors: oracle.factors, iterations: 4, alpha: 1, l2: 0.3, steps: 3, scaling: 0 };
  const from = loadAls({
    kind: 'als',
    version: 1,
    values: parameters,
    arrays: { users: withStride(oracle.als.x0), items: withStride(oracle.als.y0) },
    parts: [],
  });
  const model = await als(parameters).fit(interactions, { from });
  expect(distance(model.userFactors, oracle.als.x)).toBeLessThan(2e-4);
  expect(distance(model.itemFactors, oracle.als.y)).toBeLessThan(2e-4);
});

const weightsOf = ({ weights }: ItemRecommender): Float64Array => dense(weights);

test.each(['cosine', 'tfidf', 'bm25'] as const)(
  'all neighbours are those of implicit: %s',
  async weighting => {
    const parameters: ItemKnnParameters = { weighting, neighbours: oracle.items };
    const model = await itemKnn(parameters).fit(interactions);
    expect(distance(weightsOf(model), oracle[weighting])).toBeLessThan(1e-5);
  },
);

test.each([
  ['ease', 0],
  ['ease_dropout', 0.5],
] as const)('weights are those of the closed form in numpy: %s', async (name, dropout) => {
  const model = await ease({ l2: 20, dropout }).fit(interactions);
  expect(distance(weightsOf(model), oracle[name])).toBeLessThan(1e-6);
});
