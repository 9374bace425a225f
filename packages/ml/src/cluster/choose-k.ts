import type { FitOptions } from '../estimator.ts';
import { required } from '../errors.ts';
import { silhouette } from '../metrics/silhouette.ts';
import { Rng } from '../random/rng.ts';
import { rowsAt, type Table } from '../table.ts';
import { adjustedRand } from './agreement.ts';
import { soundRows } from './clusterer.ts';
import { kMeans } from './k-means.ts';
import type { KMeansModel } from './k-means-model.ts';

export interface ChooseKOptions extends FitOptions {
  /** Fewest and most clusters to try; 2 and 10 where absent. */
  from?: number;
  to?: number;
  /** Rows drawn at random that silhouettes and stability are judged on. */
  sample?: number;
  /** Draws of rows that stability is judged by, and of random tables that the gap is. */
  draws?: number;
}

/** What was found of one number of clusters. */
export interface KFigures {
  k: number;
  /** Mean silhouette, -1 to 1: how much nearer rows lie to their own cluster than to the next. */
  silhouette: number;
  /** Mean agreement (adjusted Rand) of clusters found in different draws of the rows: 1 where each finds the same. */
  stability: number;
  /** Gap statistic (Tibshirani, Walther and Hastie 2001): by how much ln inertia lies below that of rows without clusters. */
  gap: number;
  /** Standard error of the gap. */
  gapError: number;
  /** Weighted sum of squared distances from the centres, of all rows. */
  inertia: number;
}

/**
 * Why a number was chosen: `clearest` has the best silhouette and is stable; `fewer_as_clear` is as clear within 0.02 as
 * one of more clusters; `only_stable` is the clearest of the stable ones, while a clearer one changes from draw to draw;
 * `no_structure` says that no number is clearer than in rows without clusters, or that none is stable: the chosen k is
 * the clearest, but do not read much into it.
 */
export type KReason = 'clearest' | 'fewer_as_clear' | 'only_stable' | 'no_structure';

export interface ChosenK {
  k: number;
  reason: KReason;
  figures: readonly KFigures[];
  /** k-means of all rows with the chosen k. */
  model: KMeansModel;
}

const STABLE = 0.75;
const AS_CLEAR = 0.02;

/**
 * How many clusters k-means should look for, with what speaks for it. Columns should be of like scale and complete.
 *
 * @throws MlError `ml.bad_parameter` when there are fewer rows than the most clusters to try
 * @example
 * const { k, reason, figures } = await chooseK(table, { to: 8 });
 */
export async function chooseK(table: Table, options: ChooseKOptions = {}): Promise<ChosenK> {
  const { from = 2, to = 10, sample = 2000, draws = 6 } = options;
  required(Number.isInteger(from) && from >= 2, 'from', 'a whole number from 2 up', from);
  required(Number.isInteger(to) && to >= from, 'to', `a whole number from ${from} up`, to);
  required(Number.isInteger(draws) && draws >= 2, 'draws', 'a whole number from 2 up', draws);
  soundRows(table, options, 'chooseK');
  required(sample >= 4 * to, 'sample', `at least four rows a cluster, ${4 * to}`, sample);
  required(table.rows >= 4 * to, 'to', `at most a quarter of the ${table.rows} rows`, to);
  const rng = options.rng ?? new Rng(0);
  const some = drawn(table, sample, rng);
  const figures: KFigures[] = [];
  const models: KMeansModel[] = [];
  for (let k = from; k <= to; k++) {
    const model = await kMeans({ k }).fit(table, undefined, { ...options, rng, onProgress: undefined });
    models.push(model);
    figures.push({
      k,
      silhouette: silhouetteOf(some, model),
      stability: await stabilityOf(some, k, draws, rng, options),
      ...(await gapOf(some, k, draws, rng, options)),
      inertia: model.inertia,
    });
    options.onProgress?.({ done: k - from + 1, total: to - from + 1, unit: 'numbers of clusters' });
  }
  const { k, reason } = chosenOf(figures);
  return { k, reason, figures, model: models[k - from] };
}

function drawn(table: Table, rows: number, rng: Rng): Table {
  return rowsAt(table, rng.permutation(table.rows).subarray(0, Math.min(rows, table.rows)));
}

/** 0 where all rows are of one cluster: they lie upon each other. */
function silhouetteOf(table: Table, model: KMeansModel): number {
  const labels = model.assign(table);
  return new Set(labels).size < 2 ? 0 : silhouette(table, labels);
}

/** Clusters of two halves drawn at random, told of all rows: how far they agree. */
async function stabilityOf(
  table: Table,
  k: number,
  draws: number,
  rng: Rng,
  { signal, threads }: FitOptions,
): Promise<number> {
  let sum = 0;
  for (let draw = 0; draw < draws; draw++) {
    const order = rng.permutation(table.rows);
    const half = table.rows >> 1;
    const labels = [];
    for (const part of [order.subarray(0, half), order.subarray(half)]) {
      const model = await kMeans({ k }).fit(rowsAt(table, part), undefined, { rng, signal, threads });
      labels.push(model.assign(table));
    }
    sum += adjustedRand(labels[0], labels[1]);
  }
  return sum / draws;
}

/** Against rows drawn evenly from the box around the columns. */
async function gapOf(
  table: Table,
  k: number,
  draws: number,
  rng: Rng,
  { signal, threads }: FitOptions,
): Promise<{ gap: number; gapError: number }> {
  const inertia = async (rows: Table): Promise<number> => {
    const model = await kMeans({ k, restarts: 1 }).fit(rows, undefined, { rng, signal, threads });
    return Math.log(Math.max(model.inertia, 1e-30));
  };
  const own = await inertia(table);
  const others: number[] = [];
  for (let draw = 0; draw < draws; draw++) others.push(await inertia(withoutClusters(table, rng)));
  const mean = others.reduce((sum, value) => sum + value, 0) / draws;
  const variance = others.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws;
  return { gap: mean - own, gapError: Math.sqrt(variance * (1 + 1 / draws)) };
}

function withoutClusters(table: Table, rng: Rng): Table {
  const columns = table.columns.map(column => {
    let [least, most] = [Infinity, -Infinity];
    for (const value of column) [least, most] = [Math.min(least, value), Math.max(most, value)];
    return Float32Array.from(column, () => least + (most - least) * rng.uniform());
  });
  return { ...table, columns };
}

/** See `KReason`. */
export function chosenOf(figures: readonly KFigures[]): { k: number; reason: KReason } {
  const clearest = clearestOf(figures);
  const stable = figures.filter(each => each.stability >= STABLE);
  const structured = stable.filter(each => each.gap > each.gapError);
  if (structured.length === 0) return { k: clearest.k, reason: 'no_structure' };
  const best = clearestOf(structured);
  const fewer = structured.find(each => each.k < best.k && each.silhouette >= best.silhouette - AS_CLEAR);
  if (fewer) return { k: fewer.k, reason: 'fewer_as_clear' };
  return { k: best.k, reason: best.k === clearest.k ? 'clearest' : 'only_stable' };
}

function clearestOf(figures: readonly KFigures[]): KFigures {
  return figures.reduce((best, each) => (each.silhouette > best.silhouette ? each : best));
}
