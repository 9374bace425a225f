import {
  AppError,
  type ClassifierFigures,
  type ClassifierCard,
  type Figure,
  type ModelVersion,
  type Progress,
  type Work,
} from '@bellwether/contracts';
import { bestF1, rowsAt, type CalibratedModel, type Classifier, type OddsModel } from '@bellwether/ml';
import { aucGain, curvesOf, figuresOf, namedFigures } from './evaluation/index.ts';
import {
  dataMoment,
  dataSpan,
  labelledFeatures,
  sampleLimit,
  shareWithin,
  type DataSpan,
  type LabelledSubjects,
  type RowBudget,
  type ClassifierQuestion,
  type JudgeOptions,
  type TrainOptions,
} from './features/index.ts';
import type { Stores } from './stores.ts';
import {
  assertReady,
  firstVerdict,
  laterVerdict,
  replacing,
  bytesOf,
  classifierNeeds,
  keptClassifier,
  fitScenario,
  keepVersion,
  learnedOf,
  planMoments,
  valueSettings,
  valueTerms,
  type KeptClassifier,
  type Fitted,
  type TrainingPlan,
  type ValueTerms,
  type Verdict,
} from './training/index.ts';

/** A version whose card is a classifier's. */
export type ClassifierVersion = ModelVersion & { card: ClassifierCard };

/** The parts of the past that a version is made of. */
interface Past {
  train: LabelledSubjects[];
  calibration: LabelledSubjects;
  test: LabelledSubjects;
}

/**
 * Learns a version: features as of moments in the past, fit, calibration, one test on the last period, and keeps it with
 * its card. It becomes the champion when it is the first and ranks better than the baseline, or when it ranks better than the
 * champion beyond chance on the same test.
 *
 * @throws AppError `scenario.not_ready` naming what the data lacks
 * @example
 * const { card, state, why } = await trainClassifier(stores, question, { seed: 7 });
 */
export async function trainClassifier(
  stores: Stores,
  scenario: ClassifierQuestion,
  { seed = 1, exclude }: TrainOptions = {},
  work: Work = {},
): Promise<ClassifierVersion> {
  await assertReady(stores, { name: scenario.name, needs: at => classifierNeeds(at, scenario) });
  const now = await dataMoment(stores);
  const span = await spanOf(stores, now);
  const plan = planMoments(span.first_at, now, scenario.horizonDays);
  const budget = budgetOf(plan, span);
  const past = await readPast(stores, scenario, plan, { budget, exclude }, work);
  const fitted = await fitScenario(
    ...([scenario, past.train, past.calibration] as const),
    { seed, clock: stores.clock },
    work,
  );
  report(work, { done: 0, unit: 'steps', step: 'train.test' });
  const value = valueTerms(await valueSettings(stores.records), span.mean_order, span.currency);
  const card = await cardOf({ scenario, plan, past, fitted, value, span, seed, signal: work.signal });
  const champion = await keptClassifier(stores.records, scenario.name);
  const verdict = await verdictOf(card, fitted, champion, past.test, { seed, signal: work.signal });
  return keepVersion(stores.records, {
    card,
    model: bytesOf(learnedOf(fitted.model, past.test.table)),
    at: new Date(stores.clock.now()),
    champion: champion?.version,
    verdict,
  });
}

async function spanOf({ warehouse }: Stores, now: number): Promise<DataSpan> {
  const span = await dataSpan(warehouse, now);
  if (span === undefined) throw new AppError('scenario.not_ready', 'there are no sales to learn from');
  return span;
}

/** Rows of all moments together that are held in memory: at 26 features, a quarter of a gigabyte. */
const MOST_ROWS = 2_500_000;

function budgetOf({ train }: TrainingPlan, { customers }: DataSpan): RowBudget {
  return { most: Math.floor(MOST_ROWS / (train.length + 2)), customers };
}

async function readPast(
  { warehouse }: Stores,
  scenario: ClassifierQuestion,
  plan: TrainingPlan,
  { budget, exclude }: { budget: RowBudget; exclude: readonly string[] | undefined },
  work: Work,
): Promise<Past> {
  const moments = [...plan.train, plan.calibration, plan.test];
  const parts: LabelledSubjects[] = [];
  for (const moment of moments) {
    report(work, { done: parts.length, total: moments.length, unit: 'moments', step: 'train.features' });
    parts.push(
      await labelledFeatures(warehouse, scenario, moment, {
        ...{ exclude, signal: work.signal },
        ...shareWithin(budget),
      }),
    );
  }
  const [calibration, test] = parts.slice(-2);
  return { train: parts.slice(0, -2), calibration, test };
}

interface CardParts {
  scenario: ClassifierQuestion;
  plan: TrainingPlan;
  past: Past;
  fitted: Fitted;
  value: ValueTerms;
  span: DataSpan;
  seed: number;
  signal: AbortSignal | undefined;
}

async function cardOf(parts: CardParts): Promise<ClassifierCard> {
  const { scenario, plan, past, fitted, value, span, seed, signal } = parts;
  const { model, baseline, winner, estimator } = fitted;
  const options = { seed, signal };
  const { target, table } = past.test;
  const [told, ruled] = [model.predict(table), baseline.model.predict(table)];
  const gain = await aucGain(told, ruled, target, options);
  const modelFigures = await judged(model, past, options);
  const baselineFigures = await judged(baseline.model, past, options);
  const { margin, contactCost, currency, why, threshold } = value;
  return {
    kind: 'classifier',
    scenario: scenario.name,
    estimator: winner.method,
    parameters: {
      ...estimator.parameters,
      tuned: winner.parameters,
      calibrator: model.calibrator.kind,
      effect: value.effect,
    },
    seed,
    horizon_days: scenario.horizonDays,
    train_moments: plan.train.map(iso),
    calibration_moment: iso(plan.calibration),
    test_moment: iso(plan.test),
    train_rows: fitted.rows,
    features: featuresOf(scenario, fitted, past),
    convergence: linearPart(fitted)?.convergence ?? null,
    model: modelFigures,
    baseline: baselineFigures,
    figures: namedFigures(modelFigures, baselineFigures),
    limits: sampleLimit(budgetOf(plan, span)),
    families: fitted.leaderboard,
    rivals: await rivalsOf(fitted, past, told, options),
    baseline_name: scenario.baseline.name,
    beats_baseline: (gain.low ?? 0) > 0,
    auc_gain: gain,
    threshold,
    value: { margin, contact_cost: contactCost, currency, why },
    curves: curvesOf({ model: told, baseline: ruled, target }, value),
    data: {
      fingerprint: span.fingerprint,
      orders: span.orders,
      customers: span.customers,
      first_at: iso(span.first_at),
      last_at: iso(span.last_at),
    },
  };
}

/** The winner's model where it is linear in the log-odds: it alone has weights and an optimum. */
function linearPart({ model }: Fitted): OddsModel | undefined {
  return 'weights' in model.model ? (model.model as OddsModel) : undefined; // only models linear in the log-odds have weights
}

interface Drawing {
  seed: number;
  signal: AbortSignal | undefined;
}

async function rivalsOf(
  { rivals }: Fitted,
  past: Past,
  told: Float64Array,
  options: Drawing,
): Promise<ClassifierCard['rivals']> {
  const all: ClassifierCard['rivals'] = [];
  for (const { name, model } of rivals) {
    const gain = await aucGain(told, model.predict(past.test.table), past.test.target, options);
    all.push({ name, figures: await judged(model, past, options), auc_gain: gain });
  }
  return all;
}

/** The figures of a kept version, and of what it is compared with, on what happened after a moment. */
export async function judgeClassifier(
  stores: Stores,
  scenario: ClassifierQuestion,
  version: number,
  asOf: number,
  { seed = 1, exclude, signal }: JudgeOptions = {},
): Promise<Figure[]> {
  const kept = await keptClassifier(stores.records, scenario.name, version);
  if (kept === undefined)
    throw new AppError('scenario.no_version', `${scenario.name} has no version ${version}`);
  if (kept.learned === undefined)
    throw new AppError(
      'scenario.bad_version',
      `version ${version} of ${scenario.name} was kept in a form that is not read any more`,
    );
  const { table, target } = await labelledFeatures(stores.warehouse, scenario, asOf, { exclude, signal });
  const probability = kept.learned.model.predict(table);
  const figures = await figuresOf({ probability, target }, kept.card.model.threshold, { seed, signal });
  return namedFigures(figures, undefined);
}

/** Figures on the test, at the threshold that was best in the calibration period. */
function judged(
  model: Classifier,
  { calibration, test }: Past,
  options: Drawing,
): Promise<ClassifierFigures> {
  const { threshold } = bestF1(model.predict(calibration.table), calibration.target);
  return figuresOf({ probability: model.predict(test.table), target: test.target }, threshold, options);
}

/** Rows that importance is measured on at most: exact reasons of many trees take time. */
const IMPORTANCE_ROWS = 4_000;

/** Weight as standardised, and importance: mean size of the contribution to the log-odds over the calibration rows. */
function featuresOf(scenario: ClassifierQuestion, fitted: Fitted, past: Past): ClassifierCard['features'] {
  const importance = importanceOf(fitted.model, past.calibration);
  const weights = linearPart(fitted)?.weights();
  return scenario.features.map(({ name, words }) => ({
    name,
    words,
    weight: weights === undefined ? null : (weights.get(name) ?? 0),
    importance: importance.get(name) ?? 0,
  }));
}

function importanceOf({ model }: CalibratedModel, { table }: LabelledSubjects): ReadonlyMap<string, number> {
  const step = Math.max(1, Math.floor(table.rows / IMPORTANCE_ROWS));
  const rows = Array.from({ length: Math.ceil(table.rows / step) }, (_, i) => i * step);
  const { values, features } = model.contributions(rowsAt(table, rows));
  const sizes = features.map((name, j): [string, number] => {
    const size = rows.reduce((sum, _, row) => sum + Math.abs(values[row * features.length + j]), 0);
    return [name, size / Math.max(1, rows.length)];
  });
  return new Map(sizes);
}

async function verdictOf(
  card: ClassifierCard,
  { model }: Fitted,
  champion: KeptClassifier | undefined,
  test: LabelledSubjects,
  options: { seed: number; signal: AbortSignal | undefined },
): Promise<Verdict> {
  const against = card.auc_gain;
  const figure = card.figures[0].words;
  if (champion === undefined) return firstVerdict(figure, against);
  const { version, learned } = champion;
  if (learned === undefined)
    return replacing(figure, against, {
      en: `Version ${version} was kept in a form that is not read any more`,
      'zh-CN': `版本 ${version} 的保存格式已不再支持`,
    });
  const lost = learned.model.features.filter(name => !test.table.names.includes(name)).join(', ');
  if (lost !== '')
    return replacing(figure, against, {
      en: `Version ${version} reads ${lost}, which is no feature any more`,
      'zh-CN': `版本 ${version} 依赖的特征 ${lost} 已不存在`,
    });
  const told = learned.model.predict(test.table);
  const gain = await aucGain(model.predict(test.table), told, test.target, options);
  return laterVerdict(figure, version, gain, against);
}

function iso(moment: number): string {
  return new Date(moment).toISOString();
}

function report(work: Work, progress: Progress): void {
  work.onProgress?.(progress);
}
