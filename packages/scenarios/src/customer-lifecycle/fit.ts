import { DAY, type LifecycleCard, type Milliseconds, type Words, type Work } from '@bellwether/contracts';
import {
  bgNbd,
  bootstrap,
  boosting,
  gammaGamma,
  joined,
  mbgNbd,
  paretoNbd,
  rowsAt,
  poissonDeviance,
  Rng,
  stacked,
  type FitOptions,
  type LifetimeEstimator,
  type PurchaseModel,
  type Regressor,
  type SpendModel,
  type Table,
} from '@bellwether/ml';
import { amounts, column, histories, inUnits, type Followed } from './read.ts';

/** Where the past is cut: the last moment that was tested on is not among these. */
export interface Plan {
  test: Milliseconds;
  /** Days after the test moment that are compared with what was expected. */
  horizonDays: number;
  /** Days over which methods compete before the test moment. */
  innerDays: number;
  /** The competition's moment, whose outcomes end at the test moment; nothing where history is too short. */
  held: Milliseconds | undefined;
  /** Earlier moments for trees to learn from, the newest last. */
  earlier: readonly Milliseconds[];
}

/** Days with no order before a moment that tell too little of anybody. */
const WARM_UP_DAYS = 60;
const MOST_EARLIER = 6;
const INNER_DAYS = 60;
const LONG_SPAN_DAYS = 540;

/**
 * Cuts the past: the last 60 days test, 90 where there are a year and a half of data; 60 days before them the methods
 * compete, and what is earlier teaches the trees.
 *
 * @param until the test moment, where somebody chose it: everything after it tests
 */
export function planOf(first: Milliseconds, now: Milliseconds, until?: Milliseconds): Plan {
  const usual = (now - first) / DAY >= LONG_SPAN_DAYS ? 90 : 60;
  const horizonDays = until === undefined ? usual : Math.floor((now - until) / DAY);
  const test = until ?? now - horizonDays * DAY;
  const innerDays = Math.min(INNER_DAYS, horizonDays);
  const inner = innerDays * DAY;
  const begins = first + WARM_UP_DAYS * DAY;
  const held = test - inner >= begins ? test - inner : undefined;
  const earlier: Milliseconds[] = [];
  // trees may begin from half as much: they are asked about the same customers later
  for (
    let moment = test - 2 * inner;
    moment >= first + (WARM_UP_DAYS / 2) * DAY && earlier.length < MOST_EARLIER;
    moment -= inner
  )
    earlier.unshift(moment);
  return { test, horizonDays, innerDays, held, earlier };
}

interface Method {
  name: string;
  of: (unit: string) => LifetimeEstimator<PurchaseModel>;
  /** Customers that it is fitted to at most, as of the test and as of the held-out moment. */
  most: number;
  mostHeld: number;
  /** Whether it may be used, or is only compared. */
  usable: boolean;
}

/** So light that it tells nothing where the data tell anything: it keeps a parameter that they do not tell from running off. */
const PENALTY = 0.1;

/**
 * The Pareto/NBD takes ten times the time to fit and a thousand times to forecast, and expects nearly the same: it is
 * compared, on a part of the customers and lightly held to what moments suggest, and not used.
 */
const METHODS: readonly Method[] = [
  {
    name: 'bgNbd',
    of: unit => bgNbd({ unit, penalty: PENALTY }),
    most: Infinity,
    mostHeld: Infinity,
    usable: true,
  },
  {
    name: 'mbgNbd',
    of: unit => mbgNbd({ unit, penalty: PENALTY }),
    most: Infinity,
    mostHeld: Infinity,
    usable: true,
  },
  {
    name: 'paretoNbd',
    of: unit => paretoNbd({ unit, penalty: PENALTY, tolerance: 1e-5 }),
    most: 2500,
    mostHeld: 800,
    usable: false,
  },
];

export interface ChosenPurchases {
  model: PurchaseModel;
  /** All that were compared, the one used first. */
  compared: LifecycleCard['purchases'];
  /** The same method, fitted as of the held-out moment. */
  heldOut: PurchaseModel | undefined;
}

/**
 * The model of purchases that expects best what the held-out customers ordered; by likelihood where history is too short
 * for that. The likelihoods told are those of the customers at the test moment.
 */
export async function choosePurchases(
  table: Table,
  held: Followed | undefined,
  unitDays: number,
  work: Work,
): Promise<ChosenPurchases> {
  const tried: Trial[] = [];
  for (const method of METHODS) tried.push(await trialOf(method, table, held, unitDays, work));
  const best = tried.filter(({ method }) => method.usable).toSorted(better)[0];
  const order = [best, ...tried.filter(trial => trial !== best).toSorted(better)];
  const compared = order.map(trial => ({
    method: trial.method.name,
    used: trial === best,
    held_out_deviance: trial.heldOut,
    log_likelihood: trial.model.logLikelihood,
    parameters: toldOf(trial.model.parameters),
    customers: Math.min(trial.method.most, table.rows),
  }));
  return { model: best.model, compared, heldOut: best.heldModel };
}

interface Trial {
  method: Method;
  model: PurchaseModel;
  /** Fitted as of the held-out moment, and how well it expected what came then. */
  heldModel: PurchaseModel | undefined;
  heldOut: number | null;
}

async function trialOf(
  method: Method,
  table: Table,
  held: Followed | undefined,
  unitDays: number,
  work: Work,
): Promise<Trial> {
  const heldModel = held && (await fitted({ ...method, most: method.mostHeld }, held.table, unitDays, work));
  return {
    method,
    model: await fitted(method, table, unitDays, work),
    heldModel,
    heldOut: held && heldModel ? poissonDeviance(expectedBy(heldModel, held, unitDays), held.orders) : null,
  };
}

/** An interval without an end is told as none. */
function toldOf(parameters: PurchaseModel['parameters']): LifecycleCard['purchases'][number]['parameters'] {
  const finite = (bound: number): number | null => (Number.isFinite(bound) ? bound : null);
  return parameters.map(({ name, value, low, high }) => ({
    name,
    value,
    low: finite(low),
    high: finite(high),
  }));
}

function better(a: Trial, b: Trial): number {
  return a.heldOut === null || b.heldOut === null
    ? b.model.logLikelihood - a.model.logLikelihood
    : a.heldOut - b.heldOut;
}

async function fitted(
  { of, most }: Method,
  table: Table,
  unitDays: number,
  work: Work,
): Promise<PurchaseModel> {
  // the order of ids says nothing of how people buy
  const some = table.rows <= most ? table : rowsAt(table, evenly(table.rows, most));
  const known = histories(some, unitDays);
  const unit = unitDays === 7 ? 'weeks' : unitDays === 1 ? 'days' : `${unitDays} days`;
  return of(unit).fit(known.table, undefined, { weights: known.weights, ...fitOptions(work) });
}

function evenly(rows: number, wanted: number): Uint32Array {
  return Uint32Array.from({ length: wanted }, (_, i) => Math.floor((i * rows) / wanted));
}

export function expectedBy(
  model: PurchaseModel,
  { table, horizonDays }: Followed,
  unitDays: number,
): Float64Array {
  const expected = model.expectedPurchases(inUnits(table, unitDays), horizonDays / unitDays);
  return expected.map(orders => Math.max(LEAST_EXPECTED, orders));
}

/** Deviance has no value where nothing at all is expected. */
export const LEAST_EXPECTED = 1e-3;

export interface ChosenTrees {
  trees: Regressor | undefined;
  told: LifecycleCard['trees'];
}

const TREES = { loss: 'poisson', trees: 80, leaves: 8, learningRate: 0.08, minLeaf: 40, l2: 5 } as const;

/**
 * Boosted trees learned from the earlier moments, against the counting model on the held-out one; used when their Poisson
 * deviance is lower beyond chance, and then learned again with the held-out moment among the rest.
 */
export async function chooseTrees(
  earlier: readonly Followed[],
  held: Followed | undefined,
  purchases: PurchaseModel | undefined,
  unitDays: number,
  seed: number,
  work: Work,
): Promise<ChosenTrees> {
  if (held === undefined || purchases === undefined || earlier.length === 0)
    return { trees: undefined, told: TOO_SHORT };
  const counted = expectedBy(purchases, held, unitDays);
  const grown = (await grow(earlier, seed, work))
    .predict(held.table)
    .map(orders => Math.max(LEAST_EXPECTED, orders));
  const gain = await bootstrap(
    held.table.rows,
    weights =>
      1 - poissonDeviance(grown, held.orders, weights) / poissonDeviance(counted, held.orders, weights),
    { rng: new Rng(seed), rounds: 200, signal: work.signal },
  );
  const used = gain.low > 0;
  return {
    trees: used ? await grow([...earlier, held], seed, work) : undefined,
    told: { used, gain, why: used ? BETTER : NOT_BETTER },
  };
}

async function grow(parts: readonly Followed[], seed: number, work: Work): Promise<Regressor> {
  const table = stacked(parts.map(part => part.table));
  const orders = joined(parts.map(part => part.orders));
  return boosting(TREES).fit(table, orders, { rng: new Rng(seed), ...fitOptions(work) });
}

const words = (en: string, zh: string): Words => ({ en, 'zh-CN': zh });
const TOO_SHORT = {
  used: false,
  gain: null,
  why: words(
    'History is too short for boosted trees to be compared on a period of their own.',
    '历史数据太短，无法在独立的时间段上比较提升树。',
  ),
};
const BETTER = words(
  'Boosted trees expected the held-out orders better beyond chance: they set the pace of the counting model.',
  '提升树在验证期对订单数的预测显著更准，因此用于校正计数模型。',
);
const NOT_BETTER = words(
  'Boosted trees were not shown to expect the held-out orders better than the counting model.',
  '未能证明提升树在验证期优于计数模型。',
);

/** Fewer repeat buyers than this tell too little of amounts. */
const LEAST_REPEATERS = 30;

export interface ChosenSpend {
  model: SpendModel | undefined;
  told: LifecycleCard['spend'];
  meanAmount: number;
}

/** The model of amounts of those who bought again. */
export async function fitSpend(table: Table, work: Work): Promise<ChosenSpend> {
  const known = amounts(table);
  const [frequency, monetary] = known.columns;
  const repeaters = [...frequency.keys()].filter(row => frequency[row] > 0);
  const meanAmount = meanOrder(table);
  if (repeaters.length < LEAST_REPEATERS) return { model: undefined, told: null, meanAmount };
  const model = await gammaGamma().fit(known, undefined, fitOptions(work));
  const told = {
    method: 'gammaGamma',
    parameters: toldOf(model.parameters),
    log_likelihood: model.logLikelihood,
    customers: repeaters.length,
    correlation: correlation(
      repeaters.map(row => frequency[row]),
      repeaters.map(row => monetary[row]),
    ),
  };
  return { model, told, meanAmount };
}

/** What was spent over the days on which it was. */
function meanOrder(table: Table): number {
  const [spent, frequency] = [column(table, 'spent'), column(table, 'frequency')];
  const total = spent.reduce((sum, amount) => sum + amount, 0);
  return total / frequency.reduce((sum, count) => sum + count + 1, 0);
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (of: readonly number[]): number => of.reduce((sum, value) => sum + value, 0) / of.length;
  const [middleA, middleB] = [mean(a), mean(b)];
  const product = (x: readonly number[], y: readonly number[], mx: number, my: number): number =>
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0);
  const spread = Math.sqrt(product(a, a, middleA, middleA) * product(b, b, middleB, middleB));
  return spread > 0 ? product(a, b, middleA, middleB) / spread : 0;
}

function fitOptions({ signal, onProgress }: Work): FitOptions {
  return {
    signal,
    ...(onProgress && { onProgress: progress => onProgress({ ...progress, step: 'train.fit' }) }),
  };
}
