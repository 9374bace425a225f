import type { Classifier, Contributions, ScoredClassifier } from '../estimator.ts';
import type { Load } from '../family.ts';
import { SavedReader, type Saved } from '../saved.ts';
import type { Table } from '../table.ts';
import type { Calibrator } from './calibrator.ts';

const KIND = 'calibrated';
const VERSION = 1;

/** Deviations of the normal distribution that hold 95 %. */
export const Z95 = 1.959963984540054;

export interface Judgements {
  probability: Float64Array;
  /** 95 % interval of the probability itself, not of what the person will do. */
  low: Float64Array;
  high: Float64Array;
}

/** A model and its calibrator as one. */
export interface CalibratedModel<M extends ScoredClassifier = ScoredClassifier> extends Classifier {
  readonly model: M;
  readonly calibrator: Calibrator;
  /**
   * Probabilities with their intervals: 1.96 standard deviations of the log-odds to either side (from the curvature of
   * the fit, where the model knows them) go through the calibrator, together with what the calibration rows leave open
   * about the calibrator itself. Of a model that knows no deviation only the latter is in it: how well the share of
   * positives at such a score is known. It never leaves 0..1. It does not hold that the world may change, nor that the
   * model may be too simple.
   */
  judge(table: Table): Judgements;
  /**
   * By how much each feature moves each row's probability from the average row's, in units of probability. The
   * log-odds contributions, scaled by one factor a row so that they sum to that difference exactly.
   */
  effects(table: Table): Contributions;
}

/** @example const whole = calibrated(model, await platt({ logOdds: model.logOdds(later), target })); */
export function calibrated<M extends ScoredClassifier>(model: M, calibrator: Calibrator): CalibratedModel<M> {
  return {
    kind: KIND,
    features: model.features,
    model,
    calibrator,
    predict: table => model.logOdds(table).map(x => calibrator.apply(x)),
    judge: table => judge(model, calibrator, table),
    effects: table => effects(model, calibrator, table),
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: {},
      arrays: {},
      parts: [model.save(), calibrator.save()],
    }),
  };
}

function judge(model: ScoredClassifier, calibrator: Calibrator, table: Table): Judgements {
  const logOdds = model.logOdds(table);
  const deviation = model.deviation?.(table);
  const intervals = Array.from(logOdds, (x, i) => calibrator.interval(x, deviation?.[i] ?? 0, Z95));
  return {
    probability: logOdds.map(x => calibrator.apply(x)),
    low: Float64Array.from(intervals, interval => interval.low),
    high: Float64Array.from(intervals, interval => interval.high),
  };
}

function effects(model: ScoredClassifier, calibrator: Calibrator, table: Table): Contributions {
  const { base, features, values } = model.contributions(table);
  const d = features.length;
  const baseProbability = calibrator.apply(base);
  for (let row = 0; row < table.rows; row++) {
    const own = values.subarray(row * d, (row + 1) * d);
    const logOdds = own.reduce((sum, value) => sum + value, base);
    const factor = secant(calibrator, base, logOdds);
    for (let j = 0; j < d; j++) own[j] = own[j] * factor;
  }
  return { base: baseProbability, features, values };
}

/** Slope of the calibrator between two log-odds; where they all but meet, its slope there. */
function secant(calibrator: Calibrator, from: number, to: number): number {
  const apart = Math.abs(to - from) > 1e-6;
  const [a, b] = apart ? [from, to] : [from - 1e-3, from + 1e-3];
  return (calibrator.apply(b) - calibrator.apply(a)) / (b - a);
}

export function loadCalibrated(saved: Saved, load: Load): CalibratedModel {
  const reader = new SavedReader(saved, KIND, VERSION);
  const model = load.model(reader.part(0));
  if (!('logOdds' in model && 'contributions' in model)) throw reader.bad('model of log-odds');
  return calibrated(model as ScoredClassifier, load.calibrator(reader.part(1))); // it has what tells such a model apart
}
