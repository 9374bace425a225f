import {
  AppError,
  DAY,
  type Figure,
  type Milliseconds,
  type ModelVersion,
  type RecommendationCard,
  type Words,
  type Work,
} from '@bellwether/contracts';
import { Rng } from '@bellwether/ml';
import {
  assertReady,
  beyondChance,
  dataMoment,
  dataSpan,
  firstVerdict,
  keepVersion,
  keptVersion,
  laterVerdict,
  replacing,
  type DataSpan,
  type JudgeOptions,
  type KeptVersion,
  type Stores,
  type TrainOptions,
  type Verdict,
} from '@bellwether/pipeline';
import { choose, type Choice } from './choose.ts';
import { learnContent } from './content.ts';
import type { FitOptions } from './fit.ts';
import { bytesOf, learnedFrom, type Learned } from './learned.ts';
import { figuresOf, gainOf, measured, testedRows, type Measured } from './measure.ts';
import { recommendationNeeds, HORIZON_DAYS, NAME } from './needs.ts';
import { boughtAfter, readPast, type Past, type PastOptions } from './past.ts';
import { SIGNALS } from './ranker.ts';
import { shelfOf } from './shelf.ts';

/** What is known at a moment, and what customers bought after it. */
interface Period {
  past: Past;
  bought: Awaited<ReturnType<typeof boughtAfter>>;
}

export const BASELINE: Words = { en: 'what sells best lately', 'zh-CN': '近期热销榜' };

/**
 * Learns a version: ways compete on a validation period inside the training period, the winner learns from all that was
 * known at the test moment and is tested once on what customers bought newly after it, beside what is popular.
 *
 * @throws AppError `scenario.not_ready` naming what the data lacks
 */
export async function trainRecommendation(
  stores: Stores,
  { seed = 1, exclude }: TrainOptions = {},
  work: Work = {},
): Promise<ModelVersion> {
  await assertReady(stores, { name: NAME, needs: recommendationNeeds });
  const now = await dataMoment(stores);
  const span = await spanOf(stores, now);
  const [test, validation] = [now - HORIZON_DAYS * DAY, now - 2 * HORIZON_DAYS * DAY];
  const options = { exclude, signal: work.signal };
  const inner = await readPeriod(stores, validation, options, work);
  const choice = await choose(inner.past, inner.bought, { seed, signal: work.signal });
  tell(work, 2, 'train.fit');
  const outer = await readPeriod(stores, test, options, work);
  const learned = await learn(outer.past, choice, { seed, signal: work.signal });
  tell(work, 3, 'train.test');
  const trial = await testOf(learned, outer, { seed, signal: work.signal });
  const verdict = await verdictOf(stores, trial, outer, { seed, signal: work.signal });
  const card = cardOf({ choice, learned, outer, trial, span, moments: [validation, test], seed });
  return keepVersion(stores.records, {
    ...{ card, model: bytesOf(learned), at: new Date(stores.clock.now()) },
    ...{ champion: verdict.champion, verdict },
  });
}

async function spanOf({ warehouse }: Stores, now: Milliseconds): Promise<DataSpan> {
  const span = await dataSpan(warehouse, now);
  if (span === undefined) throw new AppError('scenario.not_ready', 'there are no sales to learn from');
  return span;
}

async function readPeriod(
  { warehouse }: Stores,
  asOf: Milliseconds,
  options: PastOptions,
  work: Work,
): Promise<Period> {
  work.signal?.throwIfAborted();
  tell(work, 1, 'train.read');
  const past = await readPast(warehouse, asOf, options);
  return { past, bought: await boughtAfter(warehouse, past, HORIZON_DAYS, options) };
}

/** The sources of the winner, learned from all that is known. */
async function learn({ catalogue, histories }: Past, choice: Choice, options: FitOptions): Promise<Learned> {
  const { recipes, method, ranker } = choice;
  return {
    ...{ products: catalogue.map(({ product_id }) => product_id), method, ranker },
    factors: await recipes.factors.fit(histories, options),
    neighbours: await recipes.neighbours.fit(histories, options),
    sequence: await recipes.sequence.fit(histories, options),
    content: await learnContent(catalogue, new Rng(options.seed)),
  };
}

interface Trial {
  model: Measured;
  baseline: Measured;
  figures: Figure[];
  gain: Awaited<ReturnType<typeof gainOf>>;
}

interface Drawing {
  seed: number;
  signal?: AbortSignal | undefined;
}

async function testOf(learned: Learned, { past, bought }: Period, drawing: Drawing): Promise<Trial> {
  const rows = testedRows(bought);
  const [model, baseline] = [
    await measured(shelfOf(learned, past.catalogue), past, bought, rows, drawing.signal),
    await measured(shelfOf(undefined, past.catalogue), past, bought, rows, drawing.signal),
  ];
  const figures = await figuresOf(model, baseline, drawing);
  return { model, baseline, figures, gain: await gainOf(model, baseline, drawing) };
}

/** A first version is used unless it did worse than what is popular; a later one where it is better than the champion. */
async function verdictOf(
  { records }: Stores,
  { model, gain, figures: [{ words }] }: Trial,
  { past, bought }: Period,
  drawing: Drawing,
): Promise<Verdict & { champion: number | undefined }> {
  const kept = await keptVersion(records, NAME);
  if (kept === undefined)
    return { ...firstVerdict(words, gain), promote: (gain.value ?? 0) >= 0, champion: undefined };
  const champion = learnedFrom(kept.model);
  if (champion === undefined) return { ...replacing(words, gain, unreadable(kept)), champion: kept.version };
  const shelf = shelfOf(champion, past.catalogue);
  const other = await measured(shelf, past, bought, testedRows(bought), drawing.signal);
  return {
    ...laterVerdict(words, kept.version, await gainOf(model, other, drawing), gain),
    champion: kept.version,
  };
}

function unreadable({ version }: KeptVersion): Words {
  return {
    en: `Version ${version} was kept in a form that is not read any more`,
    'zh-CN': `版本 ${version} 的保存格式已不再支持`,
  };
}

interface Made {
  choice: Choice;
  learned: Learned;
  outer: Period;
  trial: Trial;
  span: DataSpan;
  moments: readonly [validation: Milliseconds, test: Milliseconds];
  seed: number;
}

function cardOf({
  choice,
  learned,
  outer,
  trial,
  span,
  moments: [validation, test],
  seed,
}: Made): RecommendationCard {
  const { histories, catalogue } = outer.past;
  const chosen = choice.trials.find(one => one.chosen);
  return {
    kind: 'recommendation',
    scenario: NAME,
    estimator: chosen?.name ?? learned.method,
    parameters: parametersOf(choice),
    seed,
    horizon_days: HORIZON_DAYS,
    train_moments: [iso(validation)],
    test_moment: iso(test),
    train_rows: histories.indices.length,
    baseline_name: BASELINE,
    beats_baseline: beyondChance(trial.gain),
    figures: trial.figures,
    data: {
      ...{ fingerprint: span.fingerprint, orders: span.orders, customers: span.customers },
      ...{ first_at: iso(span.first_at), last_at: iso(span.last_at) },
    },
    limits: limitsOf(learned, trial),
    ...{ products: catalogue.length, customers: histories.rows, tested: trial.model.ndcg10.length },
    ...{ trials: choice.trials, choice: choice.why, weights: weightsOf(learned) },
  };
}

function parametersOf({
  method,
  recipes: { factors, neighbours, sequence },
}: Choice): RecommendationCard['parameters'] {
  const all = {
    als: factors.parameters,
    [neighbours.name]: neighbours.parameters,
    sequential: sequence.parameters,
  };
  return { method, ...all };
}

function weightsOf({ method, ranker }: Learned): RecommendationCard['weights'] {
  if (method !== 're-ranker' || ranker === undefined) return [];
  return SIGNALS.map(({ name, words }, j) => ({
    name,
    words,
    weight: ranker.weights[j] * ranker.deviations[j],
  })).sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
}

function limitsOf({ content }: Learned, { model, gain }: Trial): Words[] {
  const limits: Words[] = [];
  if (!beyondChance(gain))
    limits.push({
      en: 'It is not shown to beat what is popular on the test period.',
      'zh-CN': '在测试期内尚未证明优于热销榜。',
    });
  if (content === undefined)
    limits.push({
      en: 'No product has a title or category, so a new product is not recommended until it sells.',
      'zh-CN': '商品没有标题和品类，新商品在售出之前不会被推荐。',
    });
  if (model.ndcg10.length < 100)
    limits.push({
      en: `Only ${model.ndcg10.length} customers bought something new in the test period.`,
      'zh-CN': `测试期内只有 ${model.ndcg10.length} 位客户购买了新商品。`,
    });
  limits.push({
    en: 'Purchases are measured that would have happened anyway too: what showing the products is worth, only a hold-out tells.',
    'zh-CN': '指标也包含本来就会发生的购买；展示商品的真实价值只有对照组才能说明。',
  });
  return limits;
}

/**
 * The figures of a kept version on what customers bought in the horizon after a moment.
 *
 * @throws AppError `scenario.no_version`, `scenario.bad_version`
 */
export async function judgeRecommendation(
  stores: Stores,
  version: number,
  asOf: Milliseconds,
  { seed = 1, exclude, signal }: JudgeOptions = {},
): Promise<Figure[]> {
  const kept = await keptVersion(stores.records, NAME, version);
  if (kept === undefined) throw new AppError('scenario.no_version', `${NAME} has no version ${version}`);
  const learned = readable(kept);
  const period = await readPeriod(stores, asOf, { exclude, signal }, {});
  return (await testOf(learned, period, { seed, signal })).figures;
}

/** @throws AppError `scenario.bad_version` */
export function readable({ version, model }: KeptVersion): Learned {
  const learned = learnedFrom(model);
  if (learned !== undefined) return learned;
  throw new AppError(
    'scenario.bad_version',
    `version ${version} of ${NAME} was kept in a form that is not read any more: train it again`,
  );
}

function iso(moment: Milliseconds): string {
  return new Date(moment).toISOString();
}

function tell(work: Work, done: number, step: string): void {
  work.onProgress?.({ done, total: 4, unit: 'steps', step });
}
