import { required } from '../errors.ts';
import { readNetwork, KIND as PERCEPTRON } from '../neural/saved-network.ts';
import { loadModel } from '../registry.ts';
import { longArrays, quantiseSaved, type RowLength } from './packed.ts';
import { compared, type Judge, type Predicts, type SmallerModel } from './report.ts';

/**
 * A model with its numbers in fewer bits: int8 with a scale for each row of a matrix, or float16. For networks, models
 * that are linear, and factors; what is in a pipeline is made smaller there.
 *
 * @returns the model that predicts from the rounded numbers, and how much worse it is on the given rows
 * @throws MlError `ml.bad_parameter`
 * @example
 * const { model, report } = quantise(network, { to: 'int8', judge: { table, target } });
 */
export function quantise<M extends Predicts>(
  model: M,
  { to, judge }: { to: 'int8' | 'float16'; judge: Judge },
): SmallerModel<M> {
  required(to === 'int8' || to === 'float16', 'to', 'int8 or float16', to);
  const smaller = loadModel(quantiseSaved(model.save(), to, rowLength));
  return compared(model, smaller as M, judge); // of the kind that was saved
}

/** Shorter rows share a scale with others: it would take more room than it saves. */
const LEAST_ROW = 8;

/** A network's matrices by their rows, its small vectors as they are; of others, whatever is long. */
export const rowLength: RowLength = (saved, name, array) => {
  if (saved.kind !== PERCEPTRON) return longArrays(saved, name, array);
  const piece = readNetwork(saved).network.pieces.find(each => each.name === name);
  if (!piece || !/^(weights|embedding)\./.test(name)) return undefined;
  return piece.columns < LEAST_ROW ? longArrays(saved, name, array) : piece.columns;
};
