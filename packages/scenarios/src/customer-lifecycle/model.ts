import { DAY, type Milliseconds } from '@bellwether/contracts';
import {
  decode,
  encode,
  loadModel,
  MlError,
  spreadOf,
  type Model,
  type PurchaseModel,
  type Regressor,
  type Saved,
  type SpendModel,
  type Spread,
  type Table,
} from '@bellwether/ml';
import { FEATURES } from './features.ts';
import { amounts, inUnits } from './read.ts';

/** What is learned of how customers of a shop buy, spend and are lost. */
export interface LifecycleModel {
  /** Days in the unit of time of the counting model. */
  unitDays: number;
  purchases: PurchaseModel;
  /** Nothing where too few bought again to learn amounts from. */
  spend: SpendModel | undefined;
  /** Of an order, over all customers. */
  meanAmount: number;
  /** Where they did better: what they expect within `days` sets the pace of the counting model. */
  trees: { model: Regressor; days: number } | undefined;
  /** How each feature, and the probability of being alive, was spread when it was tested. */
  spreads: ReadonlyMap<string, Spread>;
  aliveSpread: Spread;
}

export const HORIZONS = [30, 90, 365] as const;
export type Horizon = (typeof HORIZONS)[number];

/** Orders to come of each customer: what is expected, how it varies, and the interval that holds the count itself. */
export interface Forecast {
  expected: Float64Array;
  variance: Float64Array;
  /** What is nearest to all that may come, by absolute error. */
  median: Float64Array;
  low: Float64Array;
  high: Float64Array;
  /** Probability of no order at all. */
  none: Float64Array;
}

/** How far the trees may hasten or slow what the counting model expects. */
const PACE_LIMIT = 10;

/**
 * Orders within so many days. Where trees are used, each customer's expectation is the counting model's times the ratio of
 * the two over the days that the trees know; the interval of the count moves with it.
 *
 * @param table with the columns of `features.sql`, times in days
 * @example
 * forecast(model, table, 90).expected // Float64Array, orders of each customer within 90 days
 */
export function forecast(model: LifecycleModel, table: Table, days: number): Forecast {
  const told = model.purchases.counts(inUnits(table, model.unitDays), days / model.unitDays);
  return paced(told, paceOf(model, table));
}

/** The forecasts of several horizons; the trees are asked once. */
export function forecasts<Days extends number>(
  model: LifecycleModel,
  table: Table,
  horizons: readonly Days[],
): Map<Days, Forecast> {
  const pace = paceOf(model, table);
  const units = inUnits(table, model.unitDays);
  const within = (days: Days): Forecast => paced(model.purchases.counts(units, days / model.unitDays), pace);
  return new Map(horizons.map(days => [days, within(days)]));
}

function paceOf({ trees, purchases, unitDays }: LifecycleModel, table: Table): Float64Array | undefined {
  if (trees === undefined || table.rows === 0) return undefined;
  const counted = purchases.expectedPurchases(inUnits(table, unitDays), trees.days / unitDays);
  const grown = trees.model.predict(table);
  return counted.map((orders, row) =>
    Math.min(PACE_LIMIT, Math.max(1 / PACE_LIMIT, grown[row] / Math.max(orders, 1e-6))),
  );
}

function paced(told: Forecast, pace: Float64Array | undefined): Forecast {
  if (pace === undefined) return told;
  const { expected, variance, median, low, high, none } = told;
  return {
    expected: expected.map((orders, row) => orders * pace[row]),
    // the chance of counting adds the mean, what differs between customers its square
    variance: variance.map(
      (spread, row) => expected[row] * pace[row] + Math.max(0, spread - expected[row]) * pace[row] ** 2,
    ),
    median: median.map((count, row) => Math.round(count * pace[row])),
    low: low.map((count, row) => Math.floor(count * Math.min(1, pace[row]))),
    high: high.map((count, row) => Math.ceil(count * pace[row])),
    none: none.map((share, row) => share ** pace[row]),
  };
}

/** Probability of each customer not to be lost yet, with what the parameters leave open. */
export function alive(
  { purchases, unitDays }: LifecycleModel,
  table: Table,
): { value: Float64Array; low: Float64Array; high: Float64Array } {
  const units = inUnits(table, unitDays);
  return purchases.uncertain(each => each.alive(units), { scale: 'logit' });
}

/** Mean amount of each customer's orders to come. */
export function averageOrder({ spend, meanAmount }: LifecycleModel, table: Table): Float64Array {
  if (spend === undefined) return new Float64Array(table.rows).fill(meanAmount);
  // with a very long tail of customers the population's own mean is infinite: then the shop's stands in
  return spend
    .expectedAverage(amounts(table))
    .map(amount => (amount < 1000 * meanAmount ? amount : meanAmount));
}

/** Squared coefficient of variation of a single order's amount about its customer's mean: 1/p of the gamma-gamma model. */
export function amountSpread({ spend }: LifecycleModel): number {
  return 1 / parameter(spend?.parameters ?? [{ name: 'p', value: 1 }], 'p');
}

/** Gap in days that a customer's own rhythm lets expect while they are active: drawn towards the shop's where little is known. */
export function expectedGap(model: LifecycleModel, frequency: number, activeDays: number): number {
  const [r, alpha] = ['r', 'alpha'].map(name => parameter(model.purchases.parameters, name));
  return Math.max(1, (alpha * model.unitDays + activeDays) / (r + Math.max(0, frequency)));
}

/** How far ahead an order is told at all. */
const FARTHEST_DAYS = 3 * 365;

/**
 * Days until the next order of a customer who is not lost, by quantile: with the rate gamma distributed (r + x, alpha + T),
 * P(later than t) = ((alpha + T) / (alpha + T + t))^(r + x). NaN beyond three years.
 */
export function nextOrderDays(
  model: LifecycleModel,
  frequency: number,
  ageDays: number,
  share: number,
): number {
  const [r, alpha] = ['r', 'alpha'].map(name => parameter(model.purchases.parameters, name));
  const days = (alpha * model.unitDays + ageDays) * ((1 - share) ** (-1 / (r + frequency)) - 1);
  return days <= FARTHEST_DAYS ? days : NaN;
}

export function dateAfter(asOf: Milliseconds, days: number | null): string | null {
  return days === null || Number.isNaN(days) ? null : new Date(asOf + Math.round(days) * DAY).toISOString();
}

function parameter(parameters: readonly { name: string; value: number }[], wanted: string): number {
  return parameters.find(({ name }) => name === wanted)?.value ?? NaN;
}

/** How features and the probability of being alive are spread over these customers. */
export function spreadsOf(
  model: Pick<LifecycleModel, 'purchases' | 'unitDays'>,
  table: Table,
): Pick<LifecycleModel, 'spreads' | 'aliveSpread'> {
  const living = model.purchases.alive(inUnits(table, model.unitDays));
  return {
    spreads: new Map(table.names.map((name, j) => [name, spreadOf(table.columns[j])])),
    aliveSpread: spreadOf(Float32Array.from(living)),
  };
}

const KIND = 'lifecycle-version';
const SHAPE = 1;
const ALIVE = '';

export function bytesOf(model: LifecycleModel): Buffer {
  const { unitDays, purchases, spend, meanAmount, trees, spreads, aliveSpread } = model;
  const arrays = [...spreads, [ALIVE, aliveSpread] as const].flatMap(([name, { edges, counts }]) => [
    [`edges:${name}`, edges],
    [`counts:${name}`, counts],
  ]);
  const saved: Saved = {
    kind: KIND,
    version: SHAPE,
    values: { unitDays, meanAmount, spends: spend !== undefined, treeDays: trees?.days ?? 0 },
    arrays: Object.fromEntries(arrays) as Saved['arrays'], // pairs of a name and its numbers, as built above
    parts: [purchases, spend, trees?.model].filter(part => part !== undefined).map(part => part.save()),
  };
  return Buffer.from(encode(saved));
}

/** @throws MlError `ml.bad_model` when the bytes are damaged or of another version */
export function modelFrom(bytes: Uint8Array): LifecycleModel {
  const { kind, version, values, arrays, parts } = decode(bytes);
  if (kind !== KIND || version !== SHAPE)
    throw new MlError('ml.bad_model', `a version is kept as ${kind} ${version}`);
  const models = parts.map(loadModel);
  const treeDays = Number(values['treeDays']);
  const spread = (name: string): Spread => ({
    edges: Float64Array.from(arrays[`edges:${name}`]),
    counts: Float64Array.from(arrays[`counts:${name}`]),
  });
  return {
    unitDays: Number(values['unitDays']),
    meanAmount: Number(values['meanAmount']),
    purchases: purchasesOf(models[0]),
    spend: values['spends'] === true ? spendOf(models[1]) : undefined,
    trees: treeDays > 0 ? { model: regressorOf(models[models.length - 1]), days: treeDays } : undefined,
    spreads: new Map(FEATURES.map(({ name }) => [name, spread(name)])),
    aliveSpread: spread(ALIVE),
  };
}

function purchasesOf(model: Model | undefined): PurchaseModel {
  if (model !== undefined && 'counts' in model) return model as PurchaseModel; // no other family tells counts
  throw new MlError('ml.bad_model', 'a version of the lifecycle holds no model of purchases');
}

function spendOf(model: Model | undefined): SpendModel {
  if (model !== undefined && 'expectedAverage' in model) return model as SpendModel; // nor expected averages
  throw new MlError('ml.bad_model', 'a version of the lifecycle holds no model of amounts');
}

function regressorOf(model: Model | undefined): Regressor {
  if (model !== undefined && 'predict' in model) return model as Regressor; // what was saved as the trees
  throw new MlError('ml.bad_model', 'a version of the lifecycle holds no trees');
}
