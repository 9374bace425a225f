import type { ClassifierCard, Estimate, Figure, ModelCard, ModelVersion } from '@bellwether/contracts';
import { table } from './output.ts';

const decimal = (value: number): string => value.toFixed(3);
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

/** `0.781 (0.769–0.793)`, or a dash where the data cannot say. */
export function estimate({ value, low, high }: Estimate, write: (value: number) => string = decimal): string {
  if (value === null) return '–';
  return low === null || high === null ? write(value) : `${write(value)} (${write(low)}–${write(high)})`;
}

export const WRITE: Record<Figure['unit'], (value: number) => string> = {
  number: decimal,
  share: percent,
  points: value => value.toFixed(1),
  currency: value => value.toFixed(2),
  orders: value => value.toFixed(2),
  days: value => value.toFixed(1),
  times: value => `${value.toFixed(2)}×`,
};

/** A version's figures beside its baseline's, on the later period that neither was fitted to. */
export function cardLines({ scenario, version, state, card }: ModelVersion): string[] {
  return [
    `${scenario}, version ${version} (${state}): ${card.estimator}`,
    testedOn(card),
    '',
    ...figureLines(card.figures, card.baseline_name.en),
    '',
    verdictOf(card),
    ...(card.kind === 'classifier' ? [...rivalLines(card), ...familyLines(card)] : []),
    ...card.limits.map(limit => `Limit: ${limit.en}`),
  ];
}

/** Other rules on the same test. */
function rivalLines({ rivals }: ClassifierCard): string[] {
  return rivals.map(
    ({ name, figures, auc_gain }) =>
      `Beside ${name.en} (AUC ${estimate(figures.auc)}, top-decile lift ${WRITE.times(figures.top_decile_lift)}): ` +
      `AUC gained ${estimate(auc_gain)}`,
  );
}

/** What competed, on rows held back inside the training period. */
function familyLines({ families }: ClassifierCard): string[] {
  if (families.length === 0) return [];
  const rows = families.map(family => [
    family.family,
    estimate(family.log_loss, value => value.toFixed(4)),
    estimate(family.auc),
    `${family.seconds.toFixed(1)} s`,
    Object.entries(family.parameters)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
    family.chosen ? 'chosen' : '',
  ]);
  const won = families.filter(({ chosen }) => chosen).map(({ why }) => why.en);
  return [
    '',
    'What competed, inside the training period:',
    ...table([['', 'log loss', 'AUC', 'time', 'best', ''], ...rows]),
    ...won,
  ];
}

/** A table of figures: ours, and the baseline's where there is one. */
export function figureLines(figures: readonly Figure[], baseline: string): string[] {
  return table([
    ['', 'model', `baseline: ${baseline}`],
    ...figures.map(({ words, unit, model, baseline: other }) => [
      words.en,
      estimate(model, WRITE[unit]),
      other === null ? '' : estimate(other, WRITE[unit]),
    ]),
  ]);
}

function testedOn(card: ModelCard): string {
  const day = card.test_moment.slice(0, 10);
  const when = `Tested on what happened in the ${card.horizon_days} days after ${day}`;
  if (card.kind !== 'classifier') return when;
  const { n, positives } = card.model;
  return `${when}: ${n} customers, ${positives} bought (${percent(positives / Math.max(1, n))})`;
}

function verdictOf(card: ModelCard): string {
  const said = card.beats_baseline
    ? 'The model beats its baseline'
    : 'The model does not beat its baseline beyond doubt';
  return card.kind === 'classifier' ? `${said}: AUC gained ${estimate(card.auc_gain)}` : `${said}.`;
}
