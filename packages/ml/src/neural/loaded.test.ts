import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distance } from '../oracle.testing.ts';
import { Rng } from '../random/rng.ts';
import { withTeam } from '../runtime/team.ts';
import { scoresOf, inputRow } from './forward.ts';
import type { Inputs } from './inputs.ts';
import { KERNELS, LoadedNetwork } from './loaded.ts';
import { networkOf, type Network, type NetworkDefinition } from './network.ts';
import { plainNetwork, type PlainBatch } from './network.reference.ts';

const PLAIN: NetworkDefinition = {
  numbers: 5,
  embeddings: [],
  hidden: [{ units: 7, activation: 'relu' }],
  outputs: 1,
  loss: 'binary',
  delta: 0.7,
  dropout: 0,
  batchNorm: false,
};

interface Made {
  network: Network;
  parameters: Float32Array;
  inputs: Inputs;
  batch: PlainBatch;
}

function made(definition: NetworkDefinition, rows: number, seed = 1): Made {
  const rng = new Rng(seed);
  const network = networkOf(definition);
  const parameters = new Float32Array(network.size);
  for (const { name, rows: height, columns, at, stride } of network.pieces)
    for (let i = 0; i < height; i++)
      for (let j = 0; j < columns; j++)
        parameters[at + i * stride + j] = /scales|variances/.test(name)
          ? 0.5 + rng.uniform()
          : 0.6 * rng.normal();
  const columns = Array.from({ length: definition.numbers }, () =>
    Float32Array.from({ length: rows }, () => rng.normal()),
  );
  const codes = Uint32Array.from(
    Array.from({ length: rows }, () =>
      definition.embeddings.map(({ categories }) => rng.integer(categories + 1)),
    ).flat(),
  );
  const numbers = { names: columns.map((_, j) => `x${j}`), rows, columns };
  const { loss, outputs } = definition;
  const target =
    loss === 'classes'
      ? Float32Array.from({ length: rows }, () => rng.integer(outputs))
      : Float32Array.from({ length: rows * outputs }, () =>
          loss === 'binary' ? rng.uniform() : rng.normal(),
        );
  const weights = Float32Array.from({ length: rows }, () => rng.integer(3) + 0.5);
  const byRow = Array.from({ length: rows }, (_, i) => columns.map(column => column[i])).flat();
  return {
    ...{ network, parameters },
    inputs: { rows, numbers, codes },
    batch: { rows, numbers: byRow, codes, target, weights },
  };
}

/** What the kernels say of one batch. */
function byKernels({ network, parameters, inputs, batch }: Made, key: number, threads = 1) {
  return withTeam(KERNELS, { threads }, team => {
    const loaded = new LoadedNetwork(team, network, parameters);
    loaded.batchesOf(batch.rows);
    const rows = loaded.labelled(inputs, Float32Array.from(batch.target), Float32Array.from(batch.weights));
    const positions = team.copied(Uint32Array.from({ length: batch.rows }, (_, i) => i));
    const total = Array.from(batch.weights).reduce((sum, weight) => sum + weight, 0);
    const loss = loaded.learnFrom(rows, positions, total, key);
    const gradient = new Float64Array(network.size);
    for (let slice = 0; slice < loaded.slices; slice++)
      for (let at = 0; at < network.size; at++)
        gradient[at] = gradient[at] + loaded.gradients[slice * network.size + at];
    const used = loaded.loss(rows, positions) / total;
    return { loss, gradient, used, scores: loaded.scores(rows).slice(), total };
  });
}

/** The kernels' gradient where it is learned and their statistics per unit of weight, beside the plain ones. */
function compare(definition: NetworkDefinition, rows: number, seed = 1): void {
  const given = made(definition, rows, seed);
  const { network, parameters, batch } = given;
  const found = byKernels(given, 77);
  const trained = plainNetwork(network, parameters, batch, { key: 77 });
  const used = plainNetwork(network, parameters, batch);
  const { learnedEnd } = network;
  expect(Math.abs(found.loss - trained.loss)).toBeLessThan(2e-6 * (1 + Math.abs(trained.loss)));
  expect(distance(found.gradient.slice(0, learnedEnd), trained.gradient.slice(0, learnedEnd))).toBeLessThan(
    1e-5,
  );
  expect(
    distance(
      found.gradient.slice(learnedEnd).map(value => value / found.total),
      trained.statistics.slice(learnedEnd),
    ),
  ).toBeLessThan(1e-5);
  expect(Math.abs(found.used - used.loss)).toBeLessThan(2e-6 * (1 + Math.abs(used.loss)));
  expect(distance(found.scores, used.scores)).toBeLessThan(1e-5);
}

const embeddings = [
  { categories: 3, dimension: 2 },
  { categories: 6, dimension: 5 },
];

describe('the kernels compute what the plain network does:', () => {
  test.each<[string, NetworkDefinition]>([
    ['one sigmoid', PLAIN],
    ['no hidden layer', { ...PLAIN, hidden: [] }],
    ['softmax', { ...PLAIN, outputs: 5, loss: 'classes' }],
    ['squared loss of two outputs', { ...PLAIN, outputs: 2, loss: 'squared' }],
    ['Huber loss of nine outputs', { ...PLAIN, outputs: 9, loss: 'huber' }],
    ['sigmoid units', { ...PLAIN, hidden: [{ units: 6, activation: 'sigmoid' }] }],
    ['tanh units', { ...PLAIN, hidden: [{ units: 12, activation: 'tanh' }] }],
    ['GELU units', { ...PLAIN, hidden: [{ units: 9, activation: 'gelu' }] }],
    [
      'three layers',
      {
        ...PLAIN,
        hidden: [
          { units: 20, activation: 'tanh' },
          { units: 5, activation: 'sigmoid' },
          { units: 11, activation: 'gelu' },
        ],
      },
    ],
    ['batch normalisation', { ...PLAIN, batchNorm: true, hidden: [{ units: 6, activation: 'sigmoid' }] }],
    ['dropout', { ...PLAIN, dropout: 0.3, hidden: [{ units: 10, activation: 'sigmoid' }] }],
    ['embeddings', { ...PLAIN, embeddings }],
    ['embeddings alone', { ...PLAIN, numbers: 0, embeddings }],
    [
      'all at once',
      {
        ...{ numbers: 3, embeddings, outputs: 3, loss: 'classes', delta: 1, dropout: 0.4, batchNorm: true },
        hidden: [
          { units: 30, activation: 'gelu' },
          { units: 7, activation: 'relu' },
        ],
      },
    ],
  ])('%s', (_, definition) => {
    compare(definition, 37);
    compare(definition, 128);
  });

  test('layers of any width, and deeper than one pass of the product', () => {
    const width = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(
        width,
        width,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 30 }),
        (n, u, o, rows) => {
          const hidden = [{ units: u, activation: 'tanh' } as const];
          compare({ ...PLAIN, numbers: n, hidden, outputs: o, loss: 'squared' }, rows);
        },
      ),
      { numRuns: 12 },
    );
  });
});

test('the gradient of the whole network is that of finite differences', () => {
  const { network, parameters, batch } = made(
    {
      ...PLAIN,
      embeddings,
      outputs: 3,
      loss: 'classes',
      hidden: [{ units: 6, activation: 'gelu' }],
      batchNorm: true,
    },
    20,
  );
  const mode = { key: 5 };
  const { gradient } = plainNetwork(network, parameters, batch, mode);
  const loss = (place: number, h: number): [number, number] => {
    const moved = parameters.slice();
    moved[place] = moved[place] + h;
    return [plainNetwork(network, moved, batch, mode).loss, moved[place]];
  };
  for (const { at: first, columns } of network.pieces.filter(piece => piece.at < network.learnedEnd))
    for (let place = first; place < first + columns; place++) {
      const [[up, high], [down, low]] = [loss(place, 1e-3), loss(place, -1e-3)];
      expect(Math.abs((up - down) / (high - low) - gradient[place])).toBeLessThan(1e-5);
    }
});

test('batches of several slices add up, by whatever number of threads', () => {
  const given = made({ ...PLAIN, hidden: [{ units: 40, activation: 'relu' }] }, 1000);
  const one = byKernels(given, 1);
  const plain = plainNetwork(given.network, given.parameters, given.batch, { key: 1 });
  expect(distance(one.gradient, plain.gradient)).toBeLessThan(1e-5);
  for (const threads of [2, 3]) expect(byKernels(given, 1, threads)).toEqual(one);
});

test('a row says the same alone as among others', () => {
  const given = made(
    { ...PLAIN, embeddings, batchNorm: true, hidden: [{ units: 50, activation: 'relu' }] },
    9,
  );
  const { scores } = byKernels(given, 1);
  const alone = Array.from({ length: 9 }, (_, i) =>
    scoresOf(given.network, given.parameters, inputRow(given.network, given.parameters, given.inputs, i)),
  );
  alone.forEach((score, i) => expect(score[0]).toBeCloseTo(scores[i], 6));
});
