import type { ClassifierFigures, Estimate } from '@bellwether/contracts';
import {
  bootstrap,
  brier,
  calibrationError,
  decisionAt,
  liftAt,
  logLoss,
  ranked,
  Rng,
  type Interval,
} from '@bellwether/ml';

/** Probabilities told of rows, and what happened. */
export interface Judged {
  probability: Float64Array;
  target: Float32Array;
}

export interface EvaluationOptions {
  seed: number;
  signal?: AbortSignal | undefined;
}

/** Redraws behind each interval; fewer for very many rows, where each takes long and all agree. */
const roundsFor = (rows: number): number => (rows > 200_000 ? 60 : 400);

/**
 * What a classifier did on rows that it had not seen.
 *
 * @param threshold where precision, recall and F1 are taken: chosen on other rows
 * @throws MlError `ml.one_class` when nobody, or everybody, was a positive
 */
export async function figuresOf(
  { probability, target }: Judged,
  threshold: number,
  { seed, signal }: EvaluationOptions,
): Promise<ClassifierFigures> {
  const { precision, recall, f1 } = decisionAt(probability, target, threshold);
  const options = { rng: new Rng(seed), rounds: roundsFor(target.length), signal };
  return {
    n: target.length,
    positives: target.reduce((sum, y) => sum + y, 0),
    auc: estimate(await bootstrap(target.length, ranked(probability, target), options)),
    threshold,
    precision,
    recall,
    f1,
    log_loss: logLoss(probability, target),
    brier: brier(probability, target),
    calibration_error: calibrationError(probability, target),
    top_decile_lift: liftAt(probability, target, 0.1),
  };
}

/** Difference of AUC of two classifiers over the same rows, the first less the second, by paired bootstrap. */
export async function aucGain(
  first: Float64Array,
  second: Float64Array,
  target: Float32Array,
  { seed, signal }: EvaluationOptions,
): Promise<Estimate> {
  const [a, b] = [ranked(first, target), ranked(second, target)];
  const options = { rng: new Rng(seed), rounds: roundsFor(target.length), signal };
  return estimate(await bootstrap(target.length, weights => a(weights) - b(weights), options));
}

function estimate({ value, low, high, n }: Interval): Estimate {
  return { value, low, high, n };
}
