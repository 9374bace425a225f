import type { ClassifierFigures, Estimate, ModelVersion } from '@bellwether/contracts';
import { table } from './output.ts';

const decimal = (value: number): string => value.toFixed(3);
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

/** `0.781 (0.769–0.793)`, or a dash where the data cannot say. */
export function estimate({ value, low, high }: Estimate, write: (value: number) => string = decimal): string {
  if (value === null) return '–';
  return low === null || high === null ? write(value) : `${write(value)} (${write(low)}–${write(high)})`;
}

const FIGURES: readonly (readonly [string, (figures: ClassifierFigures) => string])[] = [
  ['AUC', ({ auc }) => estimate(auc)],
  ['precision', ({ precision }) => percent(precision)],
  ['recall', ({ recall }) => percent(recall)],
  ['F1', ({ f1 }) => decimal(f1)],
  ['log loss', ({ log_loss }) => decimal(log_loss)],
  ['calibration error', ({ calibration_error }) => percent(calibration_error)],
  ['top-decile lift', ({ top_decile_lift }) => `${top_decile_lift.toFixed(2)}×`],
];

/** A version's figures beside its baseline's, on the later period that neither was fitted to. */
export function cardLines({ scenario, version, state, card }: ModelVersion): string[] {
  const { model, baseline, baseline_name, auc_gain } = card;
  const rate = percent(model.positives / Math.max(1, model.n));
  return [
    `${scenario}, version ${version} (${state}): ${card.estimator}`,
    `Tested on what happened in the ${card.horizon_days} days after ${card.test_moment.slice(0, 10)}: ${model.n} customers, ${model.positives} bought (${rate})`,
    '',
    ...table([
      ['', 'model', `baseline: ${baseline_name.en}`],
      ...FIGURES.map(([name, figure]) => [name, figure(model), figure(baseline)]),
    ]),
    '',
    `${card.beats_baseline ? 'The model beats its baseline' : 'The model does not beat its baseline beyond doubt'}: AUC gained ${estimate(auc_gain)}`,
  ];
}
