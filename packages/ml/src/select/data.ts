import type { Estimator, FitOptions, Model } from '../estimator.ts';
import { MlError } from '../errors.ts';
import { Rng } from '../random/rng.ts';
import { rowsAt, valuesAt, type Table } from '../table.ts';

/** Rows with what is known of them: what is split, fitted to and judged on. */
export interface Data {
  table: Table;
  target: Float32Array;
  weights?: Float32Array | undefined;
  groups?: Int32Array | undefined;
}

/** Positions of the rows to learn from and of those to be judged on. */
export interface Split {
  train: Uint32Array;
  test: Uint32Array;
}

/** A model that says something of every row. */
export type Predictor = Model & { predict(table: Table): Float64Array };

/** The rows at these positions, copied. */
export function dataAt({ table, target, weights, groups }: Data, positions: Uint32Array): Data {
  return {
    table: rowsAt(table, positions),
    target: valuesAt(target, positions),
    weights: weights && valuesAt(weights, positions),
    groups: groups && Int32Array.from(positions, row => groups[row]),
  };
}

/** Fits to the one part of a split and predicts the other: the unit of work of everything in this folder. */
export async function fittedAndPredicted(
  estimator: Estimator,
  data: Data,
  { train, test }: Split,
  seed: number,
  options: Pick<FitOptions, 'threads' | 'signal'> = {},
): Promise<Float64Array> {
  const { table, target, weights, groups } = dataAt(data, train);
  const model = await estimator.fit(table, target, { ...options, weights, groups, rng: new Rng(seed) });
  if (!('predict' in model))
    throw new MlError('ml.bad_parameter', `estimator must predict rows; a ${model.kind} does not`);
  return (model as Predictor).predict(rowsAt(data.table, test)); // as was just seen
}
