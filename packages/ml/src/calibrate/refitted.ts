import { MlError, required } from '../errors.ts';
import type { Contributions, ScoredClassifier } from '../estimator.ts';
import type { Load } from '../family.ts';
import { SavedReader, type Saved } from '../saved.ts';
import type { Table } from '../table.ts';
import { Z95 } from './calibrated.ts';

const KIND = 'refitted';
const VERSION = 1;

/** A classifier that knows how far its log-odds may be off, by what the same method learned of other draws of the rows. */
export interface RefittedModel<M extends ScoredClassifier = ScoredClassifier> extends ScoredClassifier {
  readonly model: M;
  readonly refits: readonly ScoredClassifier[];
  deviation(table: Table): Float64Array;
}

/**
 * A model with refits of its method, each to the same rows weighted anew: the Bayesian bootstrap, weights exponential with
 * mean 1 (Rubin 1981), one for each customer. It predicts and explains as the model does; the deviation of a row's log-odds is
 * the root mean square distance of the refits from it, widened as few refits demand (Student's t in the place of the normal). For
 * methods that know no deviation of their own: trees, networks.
 *
 * @param scale of the deviations: sqrt(m / n) where each refit saw m of the n rows
 * @throws MlError `ml.bad_parameter` for fewer than two refits
 * @example
 * const whole = calibrated(refitted(model, refits), calibrator);
 * whole.judge(table); // intervals hold what the rows leave open about the model
 */
export function refitted<M extends ScoredClassifier>(
  model: M,
  refits: readonly ScoredClassifier[],
  scale = 1,
): RefittedModel<M> {
  required(refits.length >= 2, 'refits', 'two or more', refits.length);
  required(scale > 0 && scale <= 1, 'scale', 'above 0, 1 at most', scale);
  return {
    kind: KIND,
    features: model.features,
    model,
    refits,
    predict: table => model.predict(table),
    logOdds: table => model.logOdds(table),
    contributions: (table): Contributions => model.contributions(table),
    deviation: table => deviationOf(model, refits, scale * widening(refits.length), table),
    save: (): Saved => ({
      kind: KIND,
      version: VERSION,
      values: { scale },
      arrays: {},
      parts: [model.save(), ...refits.map(refit => refit.save())],
    }),
  };
}

function deviationOf(
  model: ScoredClassifier,
  refits: readonly ScoredClassifier[],
  scale: number,
  table: Table,
): Float64Array {
  const centre = model.logOdds(table);
  const squares = new Float64Array(table.rows);
  for (const refit of refits)
    refit.logOdds(table).forEach((x, row) => (squares[row] += (x - centre[row]) ** 2));
  return squares.map(sum => scale * Math.sqrt(sum / refits.length));
}

/** By how much 95 % of Student's t with `count` degrees are wider than 95 % of the normal (Fisher and Cornish 1960). */
function widening(count: number): number {
  const z = Z95;
  const first = (z ** 3 + z) / (4 * count);
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * count ** 2);
  return (z + first + second) / z;
}

/** @throws MlError `ml.bad_model` */
export function loadRefitted(saved: Saved, load: Load): RefittedModel {
  const reader = new SavedReader(saved, KIND, VERSION);
  const [model, ...refits] = saved.parts.map(part => scoredOf(load, part));
  if (model === undefined || refits.length < 2) throw reader.bad('refits');
  return refitted(model, refits, reader.number('scale'));
}

function scoredOf(load: Load, part: Saved): ScoredClassifier {
  const model = load.model(part);
  if ('logOdds' in model && 'contributions' in model) return model as ScoredClassifier; // it has what tells such a model apart
  throw new MlError('ml.bad_model', `a saved ${model.kind} is no model of log-odds`);
}
