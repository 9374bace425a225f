import type { FitOptions } from '../estimator.ts';
import { MlError, required } from '../errors.ts';
import { loadPerceptron, type PerceptronModel } from '../neural/model.ts';
import type { Loss } from '../neural/network.ts';
import type { PerceptronParameters } from '../neural/parameters.ts';
import { perceptron } from '../neural/perceptron.ts';
import { KIND as PERCEPTRON } from '../neural/saved-network.ts';
import { loadModel } from '../registry.ts';
import type { Saved, SavedArray } from '../saved.ts';
import type { Table } from '../table.ts';
import { quantiseSaved, unpackedSaved, PACKED } from './packed.ts';
import { rowLength } from './quantise.ts';
import { compared, type Judge, type Predicts, type SmallerModel } from './report.ts';

export interface FineTune extends Pick<FitOptions, 'rng' | 'weights' | 'signal' | 'threads'> {
  table: Table;
  target: Float32Array;
  epochs: number;
  /** How to train; the shape and the task are the model's. */
  parameters?: Pick<PerceptronParameters, 'optimiser' | 'learningRate' | 'l1' | 'l2' | 'batch'>;
}

/**
 * A network without its smallest weights (magnitude pruning: Han et al. 2015), the same share of each layer, so that none
 * is cut off whole; what is left may learn on. Saved, only what is left is written. In a pipeline its network is pruned, which cannot learn on there.
 *
 * @param sparsity share of weights to take away, from 0 to below 1
 * @throws MlError `ml.bad_parameter`, also where there is no network
 * @example
 * const { model, report } = await prune(network, { sparsity: 0.8, judge: { table, target } });
 */
export async function prune<M extends Predicts>(
  model: M,
  { sparsity, judge, fineTune }: { sparsity: number; judge: Judge; fineTune?: FineTune },
): Promise<SmallerModel<M>> {
  required(sparsity >= 0 && sparsity < 1, 'sparsity', 'from 0 to below 1', sparsity);
  const saved = model.save();
  const whole = saved.kind === PACKED ? unpackedSaved(saved) : saved;
  if (!hasNetwork(whole))
    throw new MlError(
      'ml.bad_parameter',
      `model must be a perceptron or have one in it; it is a ${whole.kind}`,
    );
  const pruned = prunedSaved(whole, sparsity);
  const tuned = fineTune ? await learnedOn(pruned, fineTune) : pruned;
  const smaller = loadModel(quantiseSaved(tuned, 'sparse', rowLength));
  return compared(model, smaller as M, judge); // of the kind that was saved
}

function hasNetwork(saved: Saved): boolean {
  return saved.kind === PERCEPTRON || saved.parts.some(hasNetwork);
}

function prunedSaved(saved: Saved, sparsity: number): Saved {
  const parts = saved.parts.map(part => prunedSaved(part, sparsity));
  if (saved.kind !== PERCEPTRON) return { ...saved, parts };
  const arrays = Object.entries(saved.arrays).map(([name, array]): [string, SavedArray] => [
    name,
    name.startsWith('weights.') ? withoutSmallest(array, sparsity) : array,
  ]);
  return { ...saved, parts, arrays: Object.fromEntries(arrays) };
}

function withoutSmallest(weights: SavedArray, sparsity: number): SavedArray {
  const least = Float32Array.from(weights, Math.abs).sort()[Math.floor(weights.length * sparsity)] ?? 0;
  return weights.map(weight => (Math.abs(weight) < least ? 0 : weight));
}

const TASKS: Readonly<Record<Loss, PerceptronParameters>> = {
  binary: { task: 'binary' },
  classes: { task: 'multiclass' },
  squared: { task: 'regression' },
  huber: { task: 'regression', loss: 'huber' },
};

/** What the network is after it has learned on with the weights that are left. */
async function learnedOn(
  saved: Saved,
  { table, target, weights, epochs, parameters, ...options }: FineTune,
): Promise<Saved> {
  if (saved.kind !== PERCEPTRON)
    throw new MlError(
      'ml.bad_parameter',
      `fineTune must be left out for a ${saved.kind}: only a network learns on`,
    );
  required(Number.isInteger(epochs) && epochs >= 1, 'epochs', 'a whole number from 1 up', epochs);
  const model: PerceptronModel = loadPerceptron(saved);
  const { loss, outputs } = model.fitted.network.definition;
  // the task is one of three, which makes the type of the model one of three
  const made = perceptron({
    ...parameters,
    ...TASKS[loss],
    outputs,
    keepZeros: true,
    epochs,
  } as PerceptronParameters & { task: 'binary' });
  const learner = made.learner(options, model as Parameters<typeof made.learner>[1]);
  for (let epoch = 0; epoch < epochs; epoch++) await learner.partialFit({ table, target, weights });
  return learner.model().save();
}
