import type { ClassifierFigures, Estimate, TableCard, TableChoices, Words } from '@bellwether/contracts';
import {
  bestF1,
  brier,
  calibrationError,
  calibrationTable,
  logLoss,
  rowsAt,
  type CalibratedModel,
  type Table,
} from '@bellwether/ml';
import { aucGain, curvesOf, figuresOf, namedFigures } from '../evaluation/index.ts';
import { together, type Crossed, type Fold } from './cross.ts';
import { readColumns } from './encode.ts';
import { limitsOf } from './limits.ts';
import type { LearningRows, Prepared } from './prepare.ts';
import type { RawTable } from './read.ts';

/** All that a card is written from. */
export interface CardParts {
  scenario: string;
  raw: RawTable;
  prepared: Prepared;
  rows: LearningRows;
  crossed: Crossed;
  /** Of the file. */
  fingerprint: string;
  seed: number;
  at: Date;
  signal?: AbortSignal | undefined;
}

/** Rows over which the size of effects is averaged. */
const EXPLAINED = 2_000;

/** What is told of a version: the cross-validation of all rows, the test of the last fold, and how it came to be. */
export async function tableCard(parts: CardParts): Promise<TableCard> {
  const { raw, prepared, rows, crossed, seed, signal } = parts;
  const { choices, leaks, leftOut } = prepared;
  const test = crossed.folds[crossed.folds.length - 1];
  const earlier = crossed.folds.slice(0, -1);
  const options = { seed, signal };
  const limit = thresholdOf(choices, earlier, test);
  const judged = async (of: 'model' | 'baseline'): Promise<ClassifierFigures> =>
    figuresOf({ probability: test[of], target: test.target }, before(earlier, test, of), options);
  const [model, baseline] = [await judged('model'), await judged('baseline')];
  const every = together(crossed.folds);
  const gain = await aucGain(every.model, every.baseline, every.target, options);
  const value = choices.value ?? { gain: 1, cost: limit.threshold, currency: '' };
  const sampledOf = raw.rows > raw.lines.length ? raw.rows : undefined;
  return {
    ...headerOf(parts),
    ...{ kind: 'table', target: choices.target ?? '', yes: choices.yes ?? '' },
    prior: mean(rows.target),
    split: crossed.split,
    cross: crossOf(crossed),
    ...{ model, baseline, auc_gain: gain, figures: namedFigures(model, baseline) },
    beats_baseline: (gain.low ?? 0) > 0,
    ...{ threshold: limit.threshold, threshold_why: limit.why, value: choices.value },
    curves: curvesOf(test, { margin: value.gain, contactCost: value.cost, effect: 1 }),
    families: crossed.leaderboard,
    features: featuresOf(crossed.model, rowsAt(rows.table, test.rows.subarray(0, EXPLAINED))),
    columns: readColumns(rows.recipe),
    ...{ leaks, left_out: leftOut },
    limits: limitsOf(prepared, rows, crossed, sampledOf),
  };
}

function headerOf({ scenario, raw, rows, crossed, fingerprint, seed, at }: CardParts) {
  const times = rows.times && [...rows.times].sort((a, b) => a - b);
  const moment = (time: number | undefined): string =>
    time !== undefined && Math.abs(time) > 1e10 && Math.abs(time) < 8e15
      ? new Date(time).toISOString()
      : at.toISOString();
  return {
    scenario,
    estimator: crossed.winner.method,
    parameters: crossed.winner.parameters,
    seed,
    // a table has no horizon: what it tells is whatever its column says
    horizon_days: 0,
    train_moments: [],
    test_moment: at.toISOString(),
    train_rows: crossed.trainRows,
    baseline_name: { en: 'logistic regression', 'zh-CN': '逻辑回归' },
    data: {
      fingerprint,
      // each row stands for one order of one customer
      ...{ orders: raw.rows, customers: rows.target.length },
      ...{ first_at: moment(times?.[0]), last_at: moment(times?.[times.length - 1]) },
    },
  };
}

/** Figures over every fold: the mean of their AUC, the rest over all rows together. */
function crossOf({ folds }: Crossed): TableCard['cross'] {
  const { model: probability, target } = together(folds);
  return {
    ...{ folds: folds.length, rows: target.length },
    positives: target.reduce((sum, y) => sum + y, 0),
    auc: overFolds(
      folds.map(fold => fold.auc),
      target.length,
    ),
    fold_auc: folds.map(fold => fold.auc),
    baseline_auc: overFolds(
      folds.map(fold => fold.baselineAuc),
      target.length,
    ),
    calibration_error: calibrationError(probability, target),
    log_loss: logLoss(probability, target),
    brier: brier(probability, target),
    calibration: calibrationTable(probability, target),
  };
}

/** 97.5 % points of Student's t with 1 to 9 degrees of freedom. */
const STUDENT = [12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

function overFolds(values: readonly number[], n: number): Estimate {
  const count = values.length;
  const centre = values.reduce((sum, value) => sum + value, 0) / count;
  if (count < 2) return { value: centre, low: null, high: null, n };
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (count - 1);
  const half = (STUDENT[count - 2] ?? 2.262) * Math.sqrt(variance / count);
  return { value: centre, low: Math.max(0, centre - half), high: Math.min(1, centre + half), n };
}

/** Where F1 is best in the folds before the test; with none before, in the test itself. */
function before(earlier: readonly Fold[], test: Fold, of: 'model' | 'baseline'): number {
  const rows = together(earlier.length > 0 ? earlier : [test]);
  return bestF1(rows[of], rows.target).threshold;
}

/** From which probability on a row is worth acting on. */
function thresholdOf(
  { value }: TableChoices,
  earlier: readonly Fold[],
  test: Fold,
): { threshold: number; why: Words } {
  if (value === null) {
    const threshold = before(earlier, test, 'model');
    return {
      threshold,
      why: {
        en: `No value was given: ${percentOf(threshold)} is where precision and recall were in best balance (F1) on rows that were not learned from.`,
        'zh-CN': `未填写价值：在未参与学习的行上，${percentOf(threshold)} 处精确率与召回率最为平衡（F1）。`,
      },
    };
  }
  const { gain, cost, currency } = value;
  const threshold = Math.min(1, cost / gain);
  return {
    threshold,
    why: {
      en: `Acting on a row costs ${cost} ${currency} and earns ${gain} ${currency} when it turns out yes: it pays from ${percentOf(threshold)} on.`,
      'zh-CN': `对一行采取行动的成本为 ${cost} ${currency}，结果为“是”时收益 ${gain} ${currency}：概率达到 ${percentOf(threshold)} 即划算。`,
    },
  };
}

const percentOf = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Mean size of each column's effect on the probability, in percentage points, the largest first. */
function featuresOf(model: CalibratedModel, table: Table): TableCard['features'] {
  const { features, values } = model.effects(table);
  const sizes = new Float64Array(features.length);
  values.forEach((effect, at) => (sizes[at % features.length] += Math.abs(effect)));
  return features
    .map((name, j) => ({
      name,
      words: { en: `${name}: {value}`, 'zh-CN': `${name}：{value}` },
      importance: (100 * sizes[j]) / Math.max(1, table.rows),
    }))
    .sort((a, b) => b.importance - a.importance);
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
