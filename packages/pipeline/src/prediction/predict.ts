import { AppError, type Estimate, type Prediction } from '@bellwether/contracts';
import type { Table } from '@bellwether/ml';
import type { ClassifierQuestion, PredictRequest } from '../features/index.ts';
import type { Stores } from '../stores.ts';
import { liveOf, type Live } from './live.ts';
import { reasonsOf } from './reasons.ts';
import { knownOf, type Known } from './stored.ts';

/**
 * What the champion says of one customer now: the probability with its interval, whether acting on it is expected to pay,
 * and on request what moved it. Of a stored customer it tells as of which moment the features are; given features are as
 * of now, and a feature that is not given is missing.
 *
 * @throws AppError `scenario.no_champion`, `scenario.bad_version`, `customer.unknown`, `customer.objects`,
 *   `request.unknown_feature` naming those that there are, `request.bad_feature`
 * @example
 * const { estimates } = await predictWithClassifier(stores, question, { customer_id: 'c1', reasons: false });
 * estimates['probability']; // { value: 0.31, low: 0.28, high: 0.34, n: 10412 }
 */
export async function predictWithClassifier(
  stores: Stores,
  question: ClassifierQuestion,
  { customer_id, features, reasons }: PredictRequest,
): Promise<Prediction> {
  const live = await liveOf(stores, question);
  const known =
    customer_id === undefined
      ? { asOf: stores.clock.now(), table: givenTable(question, features ?? {}) }
      : await knownOf(stores, question, customer_id, live);
  return { ...told(question, live, known, reasons), customer_id: customer_id ?? null };
}

function told(
  { name }: ClassifierQuestion,
  { champion, threshold }: Live,
  { asOf, table }: Known,
  reasons: boolean,
): Omit<Prediction, 'customer_id'> {
  const { version, card, learned } = champion;
  const judged = learned.model.judge(table);
  const [value, low, high] = [judged.probability[0], judged.low[0], judged.high[0]];
  const probability: Estimate = { value, low, high, n: card.train_rows };
  const effects = reasons ? reasonsOf(learned.model.effects(table), table, 0) : [];
  return {
    scenario: name,
    version,
    as_of: new Date(asOf).toISOString(),
    estimates: { probability },
    labels: { chosen: value >= threshold ? 'yes' : 'no' },
    reasons: effects.map(reason => ({ ...reason, value: reason.value === 'nan' ? null : reason.value })),
  };
}

type Given = NonNullable<PredictRequest['features']>;

/** One row of the declared features. */
function givenTable({ name, features }: ClassifierQuestion, given: Given): Table {
  const names = features.map(feature => feature.name);
  const unknown = Object.keys(given).filter(key => !names.includes(key));
  if (unknown.length > 0)
    throw new AppError(
      'request.unknown_feature',
      `${name} has no feature ${unknown.map(key => `"${key}"`).join(', ')}; it has ${names.join(', ')}`,
    );
  return { names, rows: 1, columns: names.map(key => Float32Array.of(numberOf(key, given[key]))) };
}

/** What was given as a number: what is not given is missing, yes is 1 and no is 0. */
function numberOf(key: string, value: Given[string] | undefined): number {
  if (value === undefined || value === null || value === '') return NaN;
  const number = Number(value);
  if (Number.isFinite(number)) return number;
  throw new AppError('request.bad_feature', `the feature "${key}" is a number; "${value}" is not one`);
}
