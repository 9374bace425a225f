import type { ClassifierFigures, Estimate, Figure, Words } from '@bellwether/contracts';
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

/** The figures of a classifier by name, the one by which versions are compared first. */
export function namedFigures(model: ClassifierFigures, baseline: ClassifierFigures | undefined): Figure[] {
  return CLASSIFIER_FIGURES.map(({ of, ...named }) => ({
    ...named,
    model: of(model),
    baseline: baseline === undefined ? null : of(baseline),
  }));
}

type Named = Omit<Figure, 'model' | 'baseline'> & { of: (figures: ClassifierFigures) => Estimate };

const named = (name: keyof ClassifierFigures, words: Words, more: Partial<Named> = {}): Named => ({
  name,
  words,
  unit: 'number',
  better: 'higher',
  of: figures => {
    const found = figures[name];
    return typeof found === 'number' ? { value: found, low: null, high: null, n: figures.n } : found;
  },
  ...more,
});

const CLASSIFIER_FIGURES: readonly Named[] = [
  named('auc', { en: 'AUC', 'zh-CN': 'AUC' }),
  named('precision', { en: 'precision', 'zh-CN': '精确率' }, { unit: 'share' }),
  named('recall', { en: 'recall', 'zh-CN': '召回率' }, { unit: 'share' }),
  named('f1', { en: 'F1', 'zh-CN': 'F1' }),
  named('log_loss', { en: 'log loss', 'zh-CN': '对数损失' }, { better: 'lower' }),
  named('brier', { en: 'Brier score', 'zh-CN': 'Brier 分数' }, { better: 'lower' }),
  named(
    'calibration_error',
    { en: 'calibration error', 'zh-CN': '校准误差' },
    { unit: 'share', better: 'lower' },
  ),
  named('top_decile_lift', { en: 'top-decile lift', 'zh-CN': '前 10% 提升度' }, { unit: 'times' }),
];
