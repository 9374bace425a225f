import {
  AppError,
  DAY,
  type Estimate,
  type Figure,
  type LifecycleCard,
  type Milliseconds,
  type ModelVersion,
  type Words,
  type Work,
} from '@bellwether/contracts';
import { bootstrap, mae, Rng } from '@bellwether/ml';
import {
  assertReady,
  beyondChance,
  dataMoment,
  dataSpan,
  firstVerdict,
  keepVersion,
  keptVersion,
  laterVerdict,
  readable,
  replacing,
  type DataSpan,
  type JudgeOptions,
  type Stores,
  type TrainOptions,
  type Verdict,
} from '@bellwether/pipeline';
import { decilesOf, figuresOf, silenceOf, tellOf, type Told } from './figures.ts';
import {
  choosePurchases,
  chooseTrees,
  fitSpend,
  planOf,
  type ChosenPurchases,
  type ChosenSpend,
  type ChosenTrees,
  type Plan,
} from './fit.ts';
import { bytesOf, modelFrom, spreadsOf, type LifecycleModel } from './model.ts';
import { gapsOf, needs } from './needs.ts';
import { customersFollowed, inUnits, type Followed, type ReadOptions } from './read.ts';

export const NAME = 'customer-lifecycle';
/** Weeks, as in the papers. */
const UNIT_DAYS = 7;
/** Customers that are learned from and tested on at most; more would narrow intervals that are narrow already. */
const MOST_CUSTOMERS = 50_000;

const BASELINE: Words = { en: 'constant rate of each customer', 'zh-CN': '各客户的固定购买率' };

/** All that a version is made of. */
interface Learned {
  plan: Plan;
  purchases: ChosenPurchases;
  spend: ChosenSpend;
  trees: ChosenTrees;
  model: LifecycleModel;
  test: Followed;
}

/**
 * Learns a version: three counting models compete on a period inside the past and are fitted to all of it, boosted trees
 * compete with the best of them, amounts are fitted beside, and one test on the last period decides.
 *
 * @throws AppError `scenario.not_ready` naming what the data lacks
 */
export async function train(
  stores: Stores,
  { seed = 1, exclude, until }: TrainOptions = {},
  work: Work = {},
): Promise<ModelVersion & { card: LifecycleCard }> {
  await assertReady(stores, { name: NAME, needs });
  const now = await dataMoment(stores);
  const span = await spanOf(stores, now);
  const plan = planOf(span.first_at, now, until);
  if (plan.horizonDays < 14 || (plan.test - span.first_at) / DAY < 60)
    throw new AppError(
      'scenario.not_ready',
      `${NAME} needs 60 days of orders before the moment of the test and 14 after it`,
    );
  const learned = await learn(stores, plan, seed, exclude, work);
  const told = tellOf(learned.model, learned.test);
  const options = { seed, signal: work.signal };
  const gain = await maeGain(told, learned.test, learned.test.orders, options);
  const { ninth, gaps } = await gapsOf(stores, plan.test);
  const card = {
    ...(await cardOf(learned, told, span, { ...options, gain })),
    proposed_days: gaps > 0 ? Math.max(1, Math.round(ninth)) : null,
  };
  const champion = await keptModel(stores, undefined);
  return keepVersion(stores.records, {
    card,
    model: bytesOf(learned.model),
    at: new Date(stores.clock.now()),
    champion: champion?.version,
    verdict: await verdictOf(card, told, gain, champion, learned.test, options),
  });
}

async function spanOf({ warehouse }: Stores, now: Milliseconds): Promise<DataSpan> {
  const span = await dataSpan(warehouse, now);
  if (span === undefined) throw new AppError('scenario.not_ready', 'there are no sales to learn from');
  return span;
}

async function learn(
  stores: Stores,
  plan: Plan,
  seed: number,
  exclude: readonly string[] | undefined,
  work: Work,
): Promise<Learned> {
  const read = await readerAt(stores, plan.test, { exclude, signal: work.signal });
  const steps = plan.earlier.length + 2;
  const tell = (done: number): void =>
    work.onProgress?.({ done, total: steps, unit: 'moments', step: 'train.features' });
  tell(0);
  const test = await read(plan.test, plan.horizonDays);
  const held = plan.held === undefined ? undefined : await read(plan.held, plan.innerDays);
  const earlier: Followed[] = [];
  for (const moment of plan.earlier) {
    tell(earlier.length + 2);
    earlier.push(await read(moment, plan.innerDays));
  }
  const purchases = await choosePurchases(test.table, soundHeld(held), UNIT_DAYS, work);
  const spend = await fitSpend(test.table, work);
  const trees = await chooseTrees(...[earlier, soundHeld(held), purchases.heldOut, UNIT_DAYS, seed, work]);
  const fitted = { unitDays: UNIT_DAYS, purchases: purchases.model };
  const model: LifecycleModel = {
    ...fitted,
    spend: spend.model,
    meanAmount: spend.meanAmount,
    trees: trees.trees && { model: trees.trees, days: plan.innerDays },
    ...spreadsOf(fitted, test.table),
  };
  return { plan, purchases, spend, trees, model, test };
}

/** Too few customers tell methods apart by chance alone. */
const LEAST_HELD = 100;

function soundHeld(held: Followed | undefined): Followed | undefined {
  return held !== undefined && held.table.rows >= LEAST_HELD ? held : undefined;
}

/** Reads customers as of moments: always the same part of them, where there are very many. */
async function readerAt(
  { warehouse }: Stores,
  test: Milliseconds,
  options: ReadOptions,
): Promise<(moment: Milliseconds, days: number) => Promise<Followed>> {
  const customers = (await dataSpan(warehouse, test))?.customers ?? 0;
  const oneIn = Math.max(1, Math.ceil(customers / MOST_CUSTOMERS));
  return (moment, days) => customersFollowed(warehouse, moment, days, { ...options, oneIn });
}

async function cardOf(
  { plan, purchases, spend, trees, model, test }: Learned,
  told: Told,
  span: DataSpan,
  { seed, signal, gain }: { seed: number; signal: AbortSignal | undefined; gain: Estimate },
): Promise<Omit<LifecycleCard, 'proposed_days'>> {
  const { compared } = purchases;
  return {
    kind: 'lifecycle',
    scenario: NAME,
    estimator: [compared[0].method, spend.told?.method, trees.trees && 'boosting']
      .filter(Boolean)
      .join(' + '),
    parameters: {
      unit_days: UNIT_DAYS,
      ...Object.fromEntries(compared[0].parameters.map(({ name, value }) => [name, value])),
    },
    seed,
    horizon_days: plan.horizonDays,
    train_moments: [...plan.earlier, ...(plan.held === undefined ? [] : [plan.held])].map(iso),
    test_moment: iso(plan.test),
    train_rows: test.table.rows,
    baseline_name: BASELINE,
    beats_baseline: beyondChance(gain),
    figures: await figuresOf(told, test, { seed, signal }),
    data: {
      fingerprint: span.fingerprint,
      orders: span.orders,
      customers: span.customers,
      first_at: iso(span.first_at),
      last_at: iso(span.last_at),
    },
    limits: limitsOf(purchases, spend, test),
    unit_days: UNIT_DAYS,
    purchases: compared,
    spend: spend.told,
    trees: trees.told,
    deciles: decilesOf(told, test),
    silence: silenceOf(told, test),
    totals: totalsOf(model, told, test),
    parameter_deviation: totalDeviation(model.purchases, test, test.horizonDays),
  };
}

/** All orders of the test: the interval holds what the parameters and what chance leave open. */
function totalsOf({ purchases }: LifecycleModel, told: Told, test: Followed): LifecycleCard['totals'] {
  const sum = (values: ArrayLike<number>): number =>
    Array.from(values).reduce((total, value) => total + value, 0);
  const expected = sum(told.forecast.expected);
  const half =
    1.959964 *
    Math.hypot(
      expected * totalDeviation(purchases, test, test.horizonDays),
      Math.sqrt(sum(told.forecast.variance)),
    );
  return {
    expected: {
      ...{ value: expected, low: Math.max(0, expected - half), high: expected + half },
      n: test.table.rows,
    },
    observed: sum(test.orders),
  };
}

/** Relative deviation of a sum of expected orders that comes of the parameters. */
function totalDeviation(purchases: LifecycleModel['purchases'], { table }: Followed, days: number): number {
  const units = inUnits(table, UNIT_DAYS);
  const { low, high } = purchases.uncertain(each =>
    Float64Array.of(each.expectedPurchases(units, days / UNIT_DAYS).reduce((sum, orders) => sum + orders, 0)),
  );
  return Math.log(high[0] / low[0]) / (2 * 1.959964);
}

function limitsOf({ model }: ChosenPurchases, { told }: ChosenSpend, test: Followed): Words[] {
  const limits: Words[] = [
    {
      en: 'Nothing here knows of seasons: orders expected before a peak are too few, and after it too many.',
      'zh-CN': '模型不含季节性：旺季前的预期偏低，旺季后偏高。',
    },
  ];
  if (!model.convergence.converged)
    limits.push({
      en: 'The search for the parameters stopped before its end: the data hardly tell some of them.',
      'zh-CN': '参数估计未完全收敛：数据几乎无法确定其中某些参数。',
    });
  if (told === null)
    limits.push({
      en: 'Too few customers ordered again to learn amounts: every order is taken for the shop’s mean.',
      'zh-CN': '复购客户过少，无法学习消费额：每单按全店均值计。',
    });
  else if (Math.abs(told.correlation) > 0.3)
    limits.push({
      en: `How often customers order goes with how much they spend (correlation ${told.correlation.toFixed(2)}), which the model of amounts takes for unrelated.`,
      'zh-CN': `购买频率与单次消费额相关（${told.correlation.toFixed(2)}），而金额模型假定二者无关。`,
    });
  if (test.table.rows >= MOST_CUSTOMERS / 2)
    limits.push({
      en: `Learned from and tested on ${test.table.rows} customers of more, drawn by a stable hash.`,
      'zh-CN': `训练与测试使用按稳定哈希抽取的 ${test.table.rows} 位客户。`,
    });
  return limits;
}

interface KeptModel {
  version: number;
  card: LifecycleCard;
  /** Absent when it was kept in a form that this Bellwether does not read. */
  model: LifecycleModel | undefined;
}

/** A kept version: of that number, or the one in use. */
export async function keptModel(
  { records }: Stores,
  version: number | undefined,
): Promise<KeptModel | undefined> {
  const kept = await keptVersion(records, NAME, version);
  if (kept === undefined) return undefined;
  if (kept.card.kind !== 'lifecycle')
    throw new AppError('scenario.bad_version', `version ${kept.version} of ${NAME} is no lifecycle`);
  return { version: kept.version, card: kept.card, model: readable(() => modelFrom(kept.model)) };
}

/** The figures of a kept version on what happened after a moment. */
export async function judge(
  stores: Stores,
  version: number,
  asOf: Milliseconds,
  { seed = 1, exclude, signal }: JudgeOptions = {},
): Promise<Figure[]> {
  const kept = await keptModel(stores, version);
  if (kept === undefined) throw new AppError('scenario.no_version', `${NAME} has no version ${version}`);
  const read = await readerAt(stores, asOf, { exclude, signal });
  const followed = await read(asOf, kept.card.horizon_days);
  return figuresOf(tellOf(readOf(kept), followed), followed, { seed, signal });
}

/** @throws AppError `scenario.bad_version` */
export function readOf({ version, model }: KeptModel): LifecycleModel {
  if (model !== undefined) return model;
  throw new AppError(
    'scenario.bad_version',
    `version ${version} of ${NAME} was kept in a form that is not read any more: train it again`,
  );
}

interface GainOptions {
  seed: number;
  signal: AbortSignal | undefined;
}

/** By how much the error is lower than the constant rate's, by paired bootstrap. */
function maeGain(told: Told, test: Followed, orders: Float32Array, options: GainOptions): Promise<Estimate> {
  return gainOf(told.forecast.median, told.rate, orders, options);
}

async function gainOf(
  ours: Float64Array,
  theirs: Float64Array,
  orders: Float32Array,
  { seed, signal }: GainOptions,
): Promise<Estimate> {
  const { value, low, high, n } = await bootstrap(
    orders.length,
    weights => mae(theirs, orders, weights) - mae(ours, orders, weights),
    { rng: new Rng(seed), rounds: 300, signal },
  );
  return { value, low, high, n };
}

async function verdictOf(
  { figures }: Pick<LifecycleCard, 'figures'>,
  told: Told,
  gain: Estimate,
  champion: KeptModel | undefined,
  test: Followed,
  options: GainOptions,
): Promise<Verdict> {
  const figure = figures[0].words;
  if (champion === undefined) return firstVerdict(figure, gain);
  if (champion.model === undefined)
    return replacing(figure, gain, {
      en: `Version ${champion.version} was kept in a form that is not read any more`,
      'zh-CN': `版本 ${champion.version} 的保存格式已不再支持`,
    });
  const theirs = tellOf(champion.model, test).forecast.median;
  const against = await gainOf(told.forecast.median, theirs, test.orders, options);
  return laterVerdict(figure, champion.version, against, gain);
}

function iso(moment: Milliseconds): string {
  return new Date(moment).toISOString();
}
