import { breath, throwIfStopped, type FitOptions } from '../estimator.ts';
import { required } from '../errors.ts';
import { Rng } from '../random/rng.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { rowsAt, type Table } from '../table.ts';
import { NOISE, readable, soundRows, type ClusterEstimator, type Clusterer } from './clusterer.ts';
import { selectClusters } from './density-hierarchy.ts';
import { kdTree, nearestTo, pointAt, rowOf, type KdTree } from './kd-tree.ts';
import { spanningTree } from './spanning-tree.ts';

export interface HdbscanParameters {
  /** Rows that a cluster has at least. */
  least?: number;
  /** The distance to the so-manieth nearest row, itself the first, tells how densely a row lies. */
  neighbours?: number;
  /** Rows that it learns from at most, drawn at random; time grows a little faster than their number. */
  sample?: number;
}

export interface HdbscanModel extends Clusterer {
  /** The rows learned from, or the sample of them. */
  readonly rows: Table;
  /** Of each of those: its cluster, or -1. `assign` says the same of them. */
  readonly labels: Int32Array;
}

type Settings = Required<HdbscanParameters>;
interface Fitted {
  neighbours: number;
  rows: Table;
  labels: Int32Array;
  /** Distance of each row from its so-manieth neighbour. */
  cores: Float64Array;
  /** Of each cluster: the longest link with which it hangs together. */
  reach: Float64Array;
}

const KIND = 'hdbscan';
const VERSION = 1;
/** Nearest rows among which a new row's is looked for. */
const CANDIDATES = 32;

/**
 * Clusters of any shape and of unlike densities, and noise between them, without a radius to choose (HDBSCAN*, Campello,
 * Moulavi and Sander 2013). Columns should be of like scale and complete; few of them, ten or so at most. More rows than
 * `sample` are learned from by a random part, and the rest assigned. Weights are refused.
 *
 * `assign` gives a row the cluster of the row that it is nearest to by mutual reachability, if that is near enough to have
 * held the cluster together; else -1.
 *
 * @throws MlError `ml.bad_parameter` when weights are given
 * @example
 * const model = await hdbscan({ least: 50 }).fit(table);
 */
export function hdbscan(parameters: HdbscanParameters = {}): ClusterEstimator<HdbscanModel> {
  const { least = 20, neighbours = 10, sample = 20_000 } = parameters;
  const isCount = (value: number, from: number): boolean => Number.isInteger(value) && value >= from;
  required(isCount(least, 2), 'least', 'a whole number from 2 up', least);
  required(isCount(neighbours, 1), 'neighbours', 'a whole number from 1 up', neighbours);
  required(isCount(sample, 2), 'sample', 'a whole number from 2 up', sample);
  const settings = { least, neighbours, sample };
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze(settings),
    fit: (table: Table, _target?: Float32Array, options: FitOptions = {}) => fit(table, settings, options),
  });
}

async function fit(
  table: Table,
  { least, neighbours, sample }: Settings,
  options: FitOptions,
): Promise<HdbscanModel> {
  soundRows(table, options, KIND);
  required(options.weights === undefined, 'weights', 'absent: a density is of rows', 'given');
  const { names, rows, columns } = sampled(table, sample, options.rng ?? new Rng(0));
  const tree = kdTree(columns, rows);
  const cores = await coreDistances(tree, Math.min(neighbours, rows), options.signal);
  const edges = await spanningTree(tree, cores, options.signal);
  const { labels, reach } = selectClusters(edges, rows, least);
  const [own, ownCores] = [new Int32Array(rows), new Float64Array(rows)];
  tree.order.forEach((row, at) => ([own[row], ownCores[row]] = [labels[at], cores[at]]));
  return modelOf({ neighbours, rows: { names, rows, columns }, labels: own, cores: ownCores, reach });
}

function sampled(table: Table, most: number, rng: Rng): Table {
  if (table.rows <= most) return table;
  return rowsAt(table, rng.permutation(table.rows).subarray(0, most).sort());
}

/** Of each place of the tree: how far its so-manieth nearest point is, itself the first. */
async function coreDistances(
  tree: KdTree,
  neighbours: number,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const cores = new Float64Array(tree.order.length);
  for (let at = 0; at < cores.length; at++) {
    if (at % 1024 === 0) {
      await breath();
      throwIfStopped(signal);
    }
    cores[at] = Math.sqrt(nearestTo(tree, pointAt(tree, at), neighbours).squares[neighbours - 1]);
  }
  return cores;
}

function modelOf(fitted: Fitted): HdbscanModel {
  const { rows, labels, reach } = fitted;
  const tree = kdTree(rows.columns, rows.rows);
  return {
    kind: KIND,
    features: rows.names,
    clusters: reach.length,
    ...{ rows, labels },
    assign: table => {
      const { columns, rows: count } = readable(table, rows.names, KIND);
      return Int32Array.from({ length: count }, (_, row) => labelOf(fitted, tree, rowOf(columns, row)));
    },
    save: () => save(fitted),
  };
}

/** The label of a place: see `hdbscan`. */
function labelOf(
  { labels, cores, reach, neighbours, rows }: Fitted,
  tree: KdTree,
  place: Float64Array,
): number {
  const count = Math.min(rows.rows, Math.max(CANDIDATES, neighbours));
  const { places, squares } = nearestTo(tree, place, count);
  // a row that was learned from is judged as it was then
  if (squares[0] === 0) return labels[tree.order[places[0]]];
  const core = Math.sqrt(squares[Math.min(neighbours, count) - 1]);
  let [nearest, least] = [-1, Infinity];
  places.forEach((at, i) => {
    const row = tree.order[at];
    const length = Math.max(Math.sqrt(squares[i]), core, cores[row]);
    if (length < least) [nearest, least] = [row, length];
  });
  const label = labels[nearest];
  return label !== NOISE && least <= reach[label] ? label : NOISE;
}

function save({ neighbours, rows, labels, cores, reach }: Fitted): Saved {
  return {
    kind: KIND,
    version: VERSION,
    values: { features: rows.names, rows: rows.rows, neighbours },
    arrays: {
      ...Object.fromEntries(rows.columns.map((column, j) => [`column${j}`, column])),
      ...{ labels, cores, reach },
    },
    parts: [],
  };
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadHdbscan(saved: Saved): HdbscanModel {
  const reader = new SavedReader(saved, KIND, VERSION);
  const [names, rows] = [reader.names('features'), reader.number('rows')];
  const columns = names.map((_, j) => reader.typed(`column${j}`, 'f32', rows));
  return modelOf({
    neighbours: reader.number('neighbours'),
    rows: { names, rows, columns },
    labels: reader.typed('labels', 'i32', rows),
    cores: reader.array('cores', rows),
    reach: reader.array('reach'),
  });
}
