import { breath, throwIfStopped, type FitOptions } from '../estimator.ts';
import { required } from '../errors.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { rowsAt, type Table } from '../table.ts';
import { NOISE, readable, soundRows, type ClusterEstimator, type Clusterer } from './clusterer.ts';
import { kdTree, nearestTo, rowOf, within, type KdTree } from './kd-tree.ts';

export interface DbscanParameters {
  /** How near two rows must lie to be neighbours. */
  radius: number;
  /** Weight of rows within the radius, its own among them, from which a row is in the midst of a cluster. */
  neighbours?: number;
}

export interface DbscanModel extends Clusterer {
  /** The rows in the midst of clusters, by which others are judged. */
  readonly cores: Table;
  readonly coreLabels: Int32Array;
}

const KIND = 'dbscan';
const VERSION = 1;
const TURN = 1024;

/**
 * Clusters of any shape where rows lie densely, and noise between them (DBSCAN, Ester et al. 1996). Columns should be of
 * like scale and complete. It measures every row against those around it: fast in a few columns, slow beyond ten or where
 * the radius holds thousands of rows. Weights act as repeated rows.
 *
 * `assign` gives a row the cluster of the nearest core within the radius, else -1.
 *
 * @example
 * const model = await dbscan({ radius: 0.3, neighbours: 8 }).fit(table);
 */
export function dbscan({ radius, neighbours = 5 }: DbscanParameters): ClusterEstimator<DbscanModel> {
  required(radius > 0 && radius < Infinity, 'radius', 'a number above 0', radius);
  required(neighbours > 0 && neighbours < Infinity, 'neighbours', 'a number above 0', neighbours);
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze({ radius, neighbours }),
    fit: (table: Table, _target?: Float32Array, options: FitOptions = {}) =>
      fit(table, { radius, neighbours }, options),
  });
}

async function fit(
  table: Table,
  { radius, neighbours }: Required<DbscanParameters>,
  options: FitOptions,
): Promise<DbscanModel> {
  const { columns, rows } = soundRows(table, options, KIND);
  const tree = kdTree(columns, rows);
  const isCore = await coresOf(table, tree, radius, neighbours, options);
  const labels = await spread(table, tree, radius, isCore, options);
  const cores = Uint32Array.from(isCore.keys()).filter(row => isCore[row] === 1);
  const { names } = table;
  const kept = { names, rows: cores.length, columns: rowsAt(table, cores).columns };
  return modelOf(
    radius,
    kept,
    Int32Array.from(cores, row => labels[row]),
  );
}

async function coresOf(
  { columns, rows }: Table,
  tree: KdTree,
  radius: number,
  neighbours: number,
  { weights, signal, onProgress }: FitOptions,
): Promise<Uint8Array> {
  const isCore = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    if (row % TURN === 0) {
      await breath();
      throwIfStopped(signal);
      onProgress?.({ done: row, total: rows, unit: 'rows' });
    }
    if (weights?.[row] === 0) continue;
    let sum = 0;
    within(tree, rowOf(columns, row), radius, at => (sum += weights?.[tree.order[at]] ?? 1));
    isCore[row] = Number(sum >= neighbours);
  }
  return isCore;
}

/** Cores that are neighbours share a label; labels count up in order of the rows. */
async function spread(
  { columns, rows }: Table,
  tree: KdTree,
  radius: number,
  isCore: Uint8Array,
  { signal }: FitOptions,
): Promise<Int32Array> {
  const labels = new Int32Array(rows).fill(NOISE);
  let clusters = 0;
  let visited = 0;
  for (let start = 0; start < rows; start++) {
    if (!isCore[start] || labels[start] >= 0) continue;
    const open = [start];
    labels[start] = clusters;
    for (let row = open.pop(); row !== undefined; row = open.pop()) {
      if (visited++ % TURN === 0) {
        await breath();
        throwIfStopped(signal);
      }
      within(tree, rowOf(columns, row), radius, at => {
        const other = tree.order[at];
        if (!isCore[other] || labels[other] >= 0) return;
        labels[other] = clusters;
        open.push(other);
      });
    }
    clusters++;
  }
  return labels;
}

function modelOf(radius: number, cores: Table, coreLabels: Int32Array): DbscanModel {
  const tree = kdTree(cores.columns, cores.rows);
  return {
    kind: KIND,
    features: cores.names,
    clusters: coreLabels.reduce((most, label) => Math.max(most, label), -1) + 1,
    ...{ cores, coreLabels },
    assign: table => {
      const { columns, rows } = readable(table, cores.names, KIND);
      return Int32Array.from({ length: rows }, (_, row) => {
        const { places, squares } = nearestTo(tree, rowOf(columns, row), 1);
        return squares[0] <= radius * radius ? coreLabels[tree.order[places[0]]] : NOISE;
      });
    },
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: { features: cores.names, radius, rows: cores.rows },
      arrays: {
        ...Object.fromEntries(cores.columns.map((column, j) => [`column${j}`, column])),
        coreLabels,
      },
      parts: [],
    }),
  };
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadDbscan(saved: Saved): DbscanModel {
  const reader = new SavedReader(saved, KIND, VERSION);
  const [names, rows] = [reader.names('features'), reader.number('rows')];
  const columns = names.map((_, j) => reader.typed(`column${j}`, 'f32', rows));
  return modelOf(reader.number('radius'), { names, rows, columns }, reader.typed('coreLabels', 'i32', rows));
}
