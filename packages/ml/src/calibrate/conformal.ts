import { MlError, required } from '../errors.ts';
import type { Model, MulticlassClassifier, Regressor } from '../estimator.ts';
import type { Load } from '../family.ts';
import { SavedReader, type Saved } from '../saved.ts';
import type { Table } from '../table.ts';

/** Rows that the models were not fitted to, drawn as those to come. */
export interface ConformalRows {
  table: Table;
  target: ArrayLike<number>;
}

/** A regressor whose intervals hold the truth of a new row with at least a stated probability, whatever the model. */
export interface ConformalRegressor extends Regressor {
  readonly level: number;
  interval(table: Table): { low: Float64Array; high: Float64Array };
}

/** A classifier that tells sets of classes, which hold the true one with at least a stated probability. */
export interface ConformalClassifier extends Model {
  readonly classes: number;
  readonly level: number;
  /** rows x classes, by row: 1 for each class in the set. Never empty. */
  sets(table: Table): Uint8Array;
}

const [REGRESSION, QUANTILES, SETS] = ['conformal', 'conformalQuantiles', 'conformalSets'];
const VERSION = 1;

/**
 * Split conformal intervals (Vovk and others 2005; Lei and others 2018): the prediction, plus and minus the error that
 * the given share of the calibration rows stays below. As wide everywhere.
 *
 * @throws MlError `ml.bad_parameter` where there are too few rows for the level: level / (1 - level) are needed
 * @example
 * const model = conformal(await linear().fit(table, target), { table: later, target: laterTarget }, 0.9);
 * model.interval(newTable); // { low, high }
 */
export function conformal(
  model: Regressor,
  { table, target }: ConformalRows,
  level = 0.9,
): ConformalRegressor {
  const told = model.predict(table);
  return symmetric(
    model,
    level,
    quantileOf(
      told.map((y, row) => Math.abs(target[row] - y)),
      level,
    ),
  );
}

function symmetric(model: Regressor, level: number, reach: number): ConformalRegressor {
  return {
    kind: REGRESSION,
    features: model.features,
    level,
    predict: table => model.predict(table),
    interval: table => {
      const told = model.predict(table);
      return { low: told.map(y => y - reach), high: told.map(y => y + reach) };
    },
    save: () => saved(REGRESSION, { level, reach }, [model]),
  };
}

/**
 * Conformalised quantile regression (Romano, Patterson and Candès 2019): two models of quantiles, say of 5 % and 95 %,
 * moved apart (or together) until they hold. As wide as the models say that a row is uncertain.
 *
 * @throws MlError as `conformal`
 */
export function conformalQuantiles(
  lower: Regressor,
  upper: Regressor,
  { table, target }: ConformalRows,
  level = 0.9,
): ConformalRegressor {
  const [low, high] = [lower.predict(table), upper.predict(table)];
  const outside = low.map((y, row) => Math.max(y - target[row], target[row] - high[row]));
  return between(lower, upper, level, quantileOf(outside, level));
}

function between(lower: Regressor, upper: Regressor, level: number, reach: number): ConformalRegressor {
  const interval = (table: Table): { low: Float64Array; high: Float64Array } => {
    const [a, b] = [lower.predict(table), upper.predict(table)];
    // quantiles that cross, or come together further than they are apart, leave their middle
    const middle = a.map((y, row) => (y + b[row]) / 2);
    return {
      low: a.map((y, row) => Math.min(y - reach, middle[row])),
      high: b.map((y, row) => Math.max(y + reach, middle[row])),
    };
  };
  return {
    kind: QUANTILES,
    features: [...new Set([...lower.features, ...upper.features])],
    level,
    interval,
    predict: table => {
      const { low, high } = interval(table);
      return low.map((y, row) => (y + high[row]) / 2);
    },
    save: () => saved(QUANTILES, { level, reach }, [lower, upper]),
  };
}

/**
 * `lac`: every class that is likely enough, the smallest sets on average (Sadinle, Lei and Wasserman 2019). `aps`: the
 * likeliest classes until their sum is enough, larger sets where the model is unsure (Romano, Sesia and Candès 2020).
 */
export type SetMethod = 'lac' | 'aps';

/**
 * Conformal sets of classes. A set that would be empty holds the likeliest class.
 *
 * @throws MlError as `conformal`
 */
export function conformalSets(
  model: MulticlassClassifier,
  { table, target }: ConformalRows,
  { level = 0.9, method = 'lac' }: { level?: number; method?: SetMethod } = {},
): ConformalClassifier {
  required(method === 'lac' || method === 'aps', 'method', '"lac" or "aps"', method);
  const strange = strangeness(model.predict(table), model.classes, method);
  const own = Float64Array.from(
    { length: table.rows },
    (_, row) => strange[row * model.classes + target[row]],
  );
  return setsOf(model, method, level, quantileOf(own, level));
}

function setsOf(
  model: MulticlassClassifier,
  method: SetMethod,
  level: number,
  limit: number,
): ConformalClassifier {
  const { classes } = model;
  return {
    kind: SETS,
    features: model.features,
    classes,
    level,
    sets: table => {
      const strange = strangeness(model.predict(table), classes, method);
      return Uint8Array.from(strange, (value, at) => {
        const first = at - (at % classes);
        const least = strange.subarray(first, first + classes).reduce((a, b) => Math.min(a, b));
        return Number(value <= limit || value === least);
      });
    },
    save: () => saved(SETS, { level, limit, method }, [model]),
  };
}

/** How little each class was expected: 1 - p, or the sum of all that are as likely or likelier. */
function strangeness(probabilities: Float64Array, classes: number, method: SetMethod): Float64Array {
  if (method === 'lac') return probabilities.map(p => 1 - p);
  return probabilities.map((p, at) => {
    const first = at - (at % classes);
    const likelier = probabilities.subarray(first, first + classes).filter(other => other >= p);
    return likelier.reduce((sum, other) => sum + other, 0);
  });
}

/** The smallest score that a new one stays below or at with this probability, if drawn as these. */
function quantileOf(scores: Float64Array, level: number): number {
  required(level > 0 && level < 1, 'level', 'between 0 and 1', level);
  const missing = scores.findIndex(score => Number.isNaN(score));
  if (missing >= 0)
    throw new MlError('ml.bad_value', `the target or prediction of row ${missing} is missing`);
  const position = Math.ceil((scores.length + 1) * level - 1e-9);
  required(
    position <= scores.length,
    'level',
    `at most n / (n + 1) with n = ${scores.length} rows to calibrate on`,
    level,
  );
  return scores.toSorted()[position - 1];
}

function saved(kind: string, values: Saved['values'], models: readonly Model[]): Saved {
  return { kind, version: VERSION, values, arrays: {}, parts: models.map(model => model.save()) };
}

/** Loaders of the models of this file, by their kind. */
export const conformalLoaders = {
  [REGRESSION]: (from: Saved, load: Load): ConformalRegressor => {
    const reader = new SavedReader(from, REGRESSION, VERSION);
    return symmetric(part(reader, 0, load), reader.number('level'), reader.number('reach'));
  },
  [QUANTILES]: (from: Saved, load: Load): ConformalRegressor => {
    const reader = new SavedReader(from, QUANTILES, VERSION);
    return between(
      part(reader, 0, load),
      part(reader, 1, load),
      reader.number('level'),
      reader.number('reach'),
    );
  },
  [SETS]: (from: Saved, load: Load): ConformalClassifier => {
    const reader = new SavedReader(from, SETS, VERSION);
    const method = reader.text('method');
    const model = part(reader, 0, load);
    if (method !== 'lac' && method !== 'aps') throw reader.bad('method');
    if (!('classes' in model)) throw reader.bad('model of several classes');
    // it tells its classes, as only such models do
    return setsOf(model as MulticlassClassifier, method, reader.number('level'), reader.number('limit'));
  },
};

function part(reader: SavedReader, position: number, load: Load): Regressor {
  const model = load.model(reader.part(position));
  if (!('predict' in model)) throw reader.bad(`part ${position}`);
  return model as Regressor; // it predicts
}
