import { MlError } from '../errors.ts';
import type { MulticlassClassifier } from '../estimator.ts';
import type { Load } from '../family.ts';
import { SavedReader, type Saved } from '../saved.ts';

const KIND = 'temperatureScaled';
const VERSION = 1;
/** The temperature is looked for between these, by halving the range of its logarithm. */
const [COLDEST, HOTTEST, HALVINGS] = [1e-3, 1e3, 60];
/** A probability of 0 would have no logarithm. */
const LEAST = 1e-300;

/**
 * The temperature of several classes (Guo and others 2017): the one number by which the log-probabilities of a model are
 * to be divided so that they fit rows that it was not fitted to best. Above 1 where the model is too sure.
 *
 * @param probabilities rows x classes, by row
 * @param target a class of each row, from 0 up
 * @throws MlError `ml.no_rows`, `ml.bad_table`
 */
export function temperatureOf(
  probabilities: Float64Array,
  target: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  const classes = probabilities.length / target.length;
  if (target.length === 0) throw new MlError('ml.no_rows', 'there are no rows to calibrate on');
  if (!Number.isInteger(classes))
    throw new MlError('ml.bad_table', `${probabilities.length} probabilities for ${target.length} rows`);
  const logs = probabilities.map(p => Math.log(Math.max(LEAST, p)));
  let [low, high] = [Math.log(1 / HOTTEST), Math.log(1 / COLDEST)];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    // the loss is convex in the inverse of the temperature
    if (slopeAt(Math.exp(middle), logs, classes, target, weights) > 0) high = middle;
    else low = middle;
  }
  return Math.exp(-(low + high) / 2);
}

/** Derivative of the log loss in the inverse temperature: the mean log-probability less that of what happened. */
function slopeAt(
  sharpness: number,
  logs: Float64Array,
  classes: number,
  target: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  let slope = 0;
  for (let row = 0; row < target.length; row++) {
    const own = logs.subarray(row * classes, (row + 1) * classes);
    const told = softmax(own, sharpness).reduce((sum, p, k) => sum + p * own[k], 0);
    slope += (weights?.[row] ?? 1) * (told - own[target[row]]);
  }
  return slope;
}

function softmax(logs: Float64Array, sharpness: number): Float64Array {
  const most = logs.reduce((a, b) => Math.max(a, b));
  const shares = logs.map(value => Math.exp(sharpness * (value - most)));
  const sum = shares.reduce((a, b) => a + b, 0);
  return shares.map(share => share / sum);
}

/** A classifier of several classes whose probabilities have been brought to a temperature. */
export interface TemperatureScaled extends MulticlassClassifier {
  readonly temperature: number;
}

/** @example temperatureScaled(model, temperatureOf(model.predict(later), laterTarget)) */
export function temperatureScaled(model: MulticlassClassifier, temperature: number): TemperatureScaled {
  const { classes } = model;
  return {
    kind: KIND,
    features: model.features,
    classes,
    temperature,
    predict: table => {
      const probabilities = model.predict(table);
      for (let at = 0; at < probabilities.length; at += classes) {
        const own = probabilities.subarray(at, at + classes);
        own.set(
          softmax(
            own.map(p => Math.log(Math.max(LEAST, p))),
            1 / temperature,
          ),
        );
      }
      return probabilities;
    },
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: { temperature },
      arrays: {},
      parts: [model.save()],
    }),
  };
}

export function loadTemperatureScaled(saved: Saved, load: Load): TemperatureScaled {
  const reader = new SavedReader(saved, KIND, VERSION);
  const model = load.model(reader.part(0));
  const temperature = reader.number('temperature');
  if (!('classes' in model && 'predict' in model)) throw reader.bad('model of several classes');
  if (!(temperature > 0)) throw reader.bad('temperature');
  return temperatureScaled(model as MulticlassClassifier, temperature); // it has what tells such a model apart
}
