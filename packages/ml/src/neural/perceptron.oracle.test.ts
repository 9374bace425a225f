import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { distance } from '../oracle.testing.ts';
import { withTeam } from '../runtime/team.ts';
import type { SavedArray } from '../saved.ts';
import { tableOf, type Table } from '../table.ts';
import { KERNELS, LoadedNetwork } from './loaded.ts';
import { loadPerceptron, type PerceptronClassifier, type PerceptronModel } from './model.ts';
import { networkOf, type Activation, type Loss, type NetworkDefinition } from './network.ts';
import { optimiserSettings, Stepper, type Optimiser } from './optimiser.ts';
import { plainStep } from './optimiser.reference.ts';
import type { PerceptronParameters } from './parameters.ts';
import { perceptron } from './perceptron.ts';

/** What `oracles/neural.py` wrote. */
interface NeuralOracle {
  columns: number[][];
  targets: Record<'binary' | 'classes' | 'squared', number[]>;
  networks: {
    loss: 'binary' | 'classes' | 'squared';
    hidden: number[];
    activation: Activation;
    weights: number[][];
    biases: number[][];
    l2: number;
    value: number;
    weight_gradients: number[][];
    bias_gradients: number[][];
    adam: { rate: number; steps: number; weights: number[][]; biases: number[][] };
  }[];
  embedded: Record<'table' | 'codes' | 'scales' | 'shifts' | 'means' | 'variances' | 'scores', number[]> & {
    weights: number[][];
    biases: number[][];
    training_loss: number;
  };
  steps: Record<'start' | 'adam' | 'adamw' | 'nesterov', number[]> & {
    gradients: number[][];
    rate: number;
    decay: number;
  };
}

// the file is ours, written by the script beside it
const oracle = JSON.parse(
  readFileSync(new URL('../../oracles/neural.json', import.meta.url), 'utf8'),
) as NeuralOracle;

const table: Table = tableOf(
  Object.fromEntries(oracle.columns.map((column, j) => [`x${j}`, Float32Array.from(column)])),
);
const targetOf = (loss: 'binary' | 'classes' | 'squared') => Float32Array.from(oracle.targets[loss]);

const OUTPUTS = { binary: 1, classes: 3, squared: 2 } as const;
const TASKS = { binary: 'binary', classes: 'multiclass', squared: 'regression' } as const;

const definitionOf = (
  loss: Loss & keyof typeof OUTPUTS,
  hidden: NetworkDefinition['hidden'],
): NetworkDefinition => ({
  ...{ numbers: 5, embeddings: [], hidden, outputs: OUTPUTS[loss], loss },
  ...{ delta: 1, dropout: 0, batchNorm: false },
});

/** A network with given numbers, by way of its saved form. */
function networkWith(
  definition: NetworkDefinition,
  arrays: Record<string, readonly number[]>,
  dictionaries: Record<string, readonly string[]> = {},
): PerceptronModel {
  const typed = Object.entries(arrays).map(([name, values]): [string, SavedArray] => [
    name,
    Float32Array.from(values),
  ]);
  const shares = definition.embeddings.map(({ categories }, e): [string, SavedArray] => [
    `shares.${e}`,
    new Float64Array(categories + 1),
  ]);
  const features = [...table.names, ...Object.keys(dictionaries)];
  return loadPerceptron({
    ...{ kind: 'perceptron', version: 1, parts: [] },
    values: { features, dictionaries, definition: { ...definition }, weight: 0, taken: 0 },
    arrays: {
      ...Object.fromEntries([...typed, ...shares]),
      ...{ average: new Float64Array(5), loss: new Float64Array(), validation: new Float64Array() },
    },
  });
}

const layered = (name: string, lists: readonly number[][]): Record<string, number[]> =>
  Object.fromEntries(lists.map((list, l) => [`${name}.${l}`, list]));

/** The model after so many steps over all rows. */
async function learned(
  from: PerceptronModel,
  loss: keyof typeof TASKS,
  parameters: PerceptronParameters,
  steps: number,
): Promise<PerceptronModel> {
  // the task is one of three, which makes the type of the model one of three
  const made = perceptron({ ...parameters, task: TASKS[loss], outputs: OUTPUTS[loss], batch: 'all' } as {
    task: 'binary';
  });
  const learner = made.learner({}, from as PerceptronClassifier);
  for (let step = 0; step < steps; step++) await learner.partialFit({ table, target: targetOf(loss) });
  return learner.model();
}

describe.each(oracle.networks)('beside scikit-learn: $loss, $hidden of $activation', network => {
  const { loss, activation, weights, biases } = network;
  const definition = definitionOf(
    loss,
    network.hidden.map(units => ({ units, activation })),
  );
  const start = () =>
    networkWith(definition, { ...layered('weights', weights), ...layered('biases', biases) });
  const { l2 } = network;

  test('the loss and every gradient agree', async () => {
    const descent = { optimiser: { kind: 'sgd' }, learningRate: 1, l2 } as const;
    const model = await learned(start(), loss, descent, 1);
    // scikit-learn tells the mean over outputs, and steps by the gradient of the sum
    const outputs = loss === 'squared' ? 2 : 1;
    expect(model.history.loss[0]).toBeCloseTo(network.value * outputs, 5);
    const { arrays } = model.save();
    weights.forEach((before, l) => {
      const moved = before.map((weight, at) => weight - arrays[`weights.${l}`][at]);
      expect(distance(moved, network.weight_gradients[l] ?? [])).toBeLessThan(1e-5);
      const shifted = (biases[l] ?? []).map((bias, at) => bias - arrays[`biases.${l}`][at]);
      expect(distance(shifted, network.bias_gradients[l] ?? [])).toBeLessThan(1e-5);
    });
  });

  test('five steps of Adam lead to the same weights', async () => {
    const { adam } = network;
    const { arrays } = (await learned(start(), loss, { learningRate: adam.rate, l2 }, adam.steps)).save();
    adam.weights.forEach((expected, l) =>
      expect(distance(arrays[`weights.${l}`], expected)).toBeLessThan(1e-4),
    );
    adam.biases.forEach((expected, l) =>
      expect(distance(arrays[`biases.${l}`], expected)).toBeLessThan(1e-4),
    );
  });
});

test('embeddings, batch normalisation and GELU agree with numpy', async () => {
  const { embedded } = oracle;
  const definition: NetworkDefinition = {
    ...definitionOf('binary', [{ units: 6, activation: 'gelu' }]),
    ...{ embeddings: [{ categories: 3, dimension: 3 }], batchNorm: true },
  };
  const words = ['a', 'b', 'c'];
  const arrays = {
    ...{ ...layered('weights', embedded.weights), ...layered('biases', embedded.biases) },
    ...{ 'scales.0': embedded.scales, 'shifts.0': embedded.shifts },
    ...{ 'means.0': embedded.means, 'variances.0': embedded.variances, 'embedding.0': embedded.table },
  };
  const model = networkWith(definition, arrays, { word: words }) as PerceptronClassifier;
  // the code after the last category is that of a missing one
  const codes = Float32Array.from(embedded.codes, code => (code === 3 ? NaN : code));
  const whole = {
    ...table,
    names: [...table.names, 'word'],
    columns: [...table.columns, codes],
    dictionaries: { word: words },
  };
  expect(distance(model.logOdds(whole), embedded.scores)).toBeLessThan(1e-5);
  const learner = perceptron({ batch: 'all' }).learner({}, model);
  await learner.partialFit({ table: whole, target: targetOf('binary') });
  expect(learner.model().history.loss[0]).toBeCloseTo(embedded.training_loss, 5);
});

test.each<['adam' | 'adamw' | 'nesterov', Optimiser]>([
  ['adam', { kind: 'adam' }],
  ['adamw', { kind: 'adamw', decay: oracle.steps.decay }],
  ['nesterov', { kind: 'sgd', momentum: 0.9, nesterov: true }],
])('the steps of %s are those of numpy', (name, optimiser) => {
  const { start, gradients, rate } = oracle.steps;
  const found = stepped(start, gradients, optimiser, { l1: 0, l2: 0, keepZeros: false }, rate);
  expect(distance(found.kernels, oracle.steps[name])).toBeLessThan(1e-6);
  expect(distance(found.plain, oracle.steps[name])).toBeLessThan(1e-12);
});

test.each<[string, Optimiser]>([
  ['AdamW', { kind: 'adamw' }],
  ['momentum', { kind: 'sgd', momentum: 0.5 }],
])('penalties and zeros that are kept are in the steps of %s as in its plain twin', (_, optimiser) => {
  const start = oracle.steps.start.map((weight, at) => (at % 3 === 0 ? 0 : weight));
  const penalties = { l1: 0.3, l2: 0.7, keepZeros: true };
  const { kernels, plain } = stepped(start, oracle.steps.gradients, optimiser, penalties, 0.05);
  expect(distance(kernels, plain)).toBeLessThan(1e-6);
  expect([...kernels].map(weight => weight === 0)).toEqual(start.map(weight => weight === 0));
});

/** Weights after a step by each gradient: by the kernels, and by the plain twin. */
function stepped(
  start: readonly number[],
  gradients: readonly (readonly number[])[],
  optimiser: Optimiser,
  penalties: { l1: number; l2: number; keepZeros: boolean },
  rate: number,
): { kernels: Float32Array; plain: Float64Array } {
  const settings = optimiserSettings(optimiser);
  const size = start.length;
  const plain = {
    ...{ steps: 0, parameters: Float64Array.from(start) },
    ...{ first: new Float64Array(size), second: new Float64Array(size) },
  };
  gradients.forEach(gradient => plainStep(plain, gradient, rate, settings, penalties));
  const kernels = withTeam(KERNELS, { threads: 1 }, team => {
    // two inputs to four units: eight weights, and nothing else that moves
    const network = networkOf({ ...definitionOf('binary', []), numbers: 2, outputs: 4, loss: 'squared' });
    const loaded = new LoadedNetwork(team, network, new Float32Array(network.size));
    loaded.parameters.set(Float32Array.from(start));
    loaded.batchesOf(1);
    loaded.slices = 1;
    const state = { steps: 0, first: new Float32Array(network.size), second: new Float32Array(network.size) };
    const stepper = new Stepper(team, loaded, settings, penalties, state);
    for (const gradient of gradients) {
      loaded.gradients.set(Float32Array.from(gradient));
      stepper.step(rate, 1);
    }
    return loaded.parameters.slice(0, size);
  });
  return { kernels, plain: plain.parameters };
}
