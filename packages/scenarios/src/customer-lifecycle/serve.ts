import { AppError, type Estimate, type Prediction } from '@bellwether/contracts';
import type { Table } from '@bellwether/ml';
import { dataMoment, type PredictRequest, type Stores } from '@bellwether/pipeline';
import { factsOf } from './facts.ts';
import { FEATURES } from './features.ts';
import {
  alive,
  averageOrder,
  dateAfter,
  forecasts,
  HORIZONS,
  nextOrderDays,
  type LifecycleModel,
} from './model.ts';
import { column, oneCustomer } from './read.ts';
import { aliveReasons } from './reasons.ts';
import { currentRules } from './rules.ts';
import { stageOf } from './stages.ts';
import { keptModel, NAME, readOf } from './train.ts';

/**
 * Stage, P(alive), orders and value to come of one customer, as of the data's own now.
 *
 * @throws AppError `scenario.no_champion`, `customer.unknown`, `request.invalid` where given features are no history
 */
export async function predict(stores: Stores, request: PredictRequest): Promise<Prediction> {
  const champion = await keptModel(stores, undefined);
  if (champion === undefined)
    throw new AppError('scenario.no_champion', `${NAME} has no version in use: train one, or promote one`);
  const model = readOf(champion);
  const asOf = await dataMoment(stores);
  const table = await historyOf(stores, asOf, request);
  const { rules } = await currentRules(stores);
  const [facts] = factsOf(model, table);
  const living = alive(model, table);
  const next = (share: number): string | null =>
    dateAfter(asOf, nextOrderDays(model, column(table, 'frequency')[0], column(table, 'age')[0], share));
  const day = (share: number): string => next(share)?.slice(0, 10) ?? 'never';
  return {
    scenario: NAME,
    version: champion.version,
    customer_id: request.customer_id ?? null,
    as_of: new Date(asOf).toISOString(),
    estimates: {
      alive: { value: living.value[0], low: living.low[0], high: living.high[0], n: 1 },
      ...outlookOf(model, table),
    },
    labels: {
      stage: stageOf(rules.stages, facts),
      ...{ next_order: day(0.5), next_order_low: day(0.1), next_order_high: day(0.9) },
    },
    reasons: request.reasons ? aliveReasons(model, table, living.value)[0] : [],
  };
}

function outlookOf(model: LifecycleModel, table: Table): Record<string, Estimate> {
  const [average] = averageOrder(model, table);
  const told = [...forecasts(model, table, HORIZONS)].flatMap(([days, { expected, low, high, none }]) => [
    [`orders_${days}`, { value: expected[0], low: low[0], high: high[0], n: 1 }],
    [`value_${days}`, { value: expected[0] * average, low: low[0] * average, high: high[0] * average, n: 1 }],
    [`silent_${days}`, { value: none[0], low: null, high: null, n: 1 }],
  ]);
  return Object.fromEntries(told) as Record<string, Estimate>; // pairs of a name and an estimate, as built above
}

async function historyOf(
  { warehouse }: Stores,
  asOf: number,
  { customer_id, features = {} }: PredictRequest,
): Promise<Table> {
  if (customer_id === undefined) return givenHistory(features);
  const table = await oneCustomer(warehouse, asOf, customer_id);
  if (table.rows === 1) return table;
  throw new AppError('customer.unknown', `nothing is known that customer ${customer_id} ordered`);
}

/** A history that the caller tells; what is left out of the richer features is missing. */
function givenHistory(features: NonNullable<PredictRequest['features']>): Table {
  const value = (name: string): number => {
    const given = features[name];
    return typeof given === 'number' ? given : NaN;
  };
  const [frequency, recency, age] = ['frequency', 'recency', 'age'].map(value);
  const sound =
    Number.isInteger(frequency) && frequency >= 0 && recency >= 0 && recency <= age && age < 100 * 365;
  if (!sound || (frequency === 0 && recency > 0))
    throw new AppError(
      'request.invalid',
      'features need frequency (repeat days with an order, whole), recency (days from the first to the last; 0 without a repeat) and age (days since the first), recency no longer than age',
    );
  const derived: Record<string, number> = { silence: age - recency, last_gap: 0, spent: NaN };
  return {
    names: FEATURES.map(({ name }) => name),
    rows: 1,
    columns: FEATURES.map(({ name }) =>
      Float32Array.of(name in features ? value(name) : (derived[name] ?? NaN)),
    ),
  };
}
