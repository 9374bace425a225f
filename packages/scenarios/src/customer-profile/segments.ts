import { AppError } from '@bellwether/contracts';
import {
  decode,
  encode,
  impute,
  kMeans,
  loadKMeans,
  loadTransformer,
  pick,
  powerTransform,
  SavedReader,
  type FitOptions,
  type FittedTransformer,
  type Json,
  type KMeansModel,
  type Saved,
  type Table,
} from '@bellwether/ml';
import { CLUSTERED } from './features.ts';
import type { RfmRule } from './rfm.ts';

/** Columns made comparable, and the clusters found in them. */
export interface Clusters {
  steps: readonly FittedTransformer[];
  model: KMeansModel;
}

/** What a version keeps. */
export interface Segmentation {
  clusters: Clusters;
  /** The key of each cluster, by its number. */
  keys: readonly string[];
  /** Mean ln(1 + spend) after the training moment, by cluster, and by part of the plain rule. */
  means: Float64Array;
  rule: RfmRule;
  ruleMeans: Float64Array;
}

const KIND = 'customerProfile';
const VERSION = 1;

/** Long tails drawn in by a power that makes each column most like a normal one; what is missing is the median. */
export async function comparable(table: Table): Promise<{ steps: FittedTransformer[]; table: Table }> {
  let current = pick(table, CLUSTERED);
  const steps: FittedTransformer[] = [];
  for (const step of [impute({ marks: false }), powerTransform()]) {
    const fitted = await step.fit(current);
    current = fitted.transform(current);
    steps.push(fitted);
  }
  return { steps, table: current };
}

export async function findClusters(table: Table, k: number, options: FitOptions): Promise<Clusters> {
  const { steps, table: scaled } = await comparable(table);
  return { steps, model: await kMeans({ k }).fit(scaled, undefined, options) };
}

export function scaledBy({ steps }: Clusters, table: Table): Table {
  return steps.reduce((current, step) => step.transform(current), pick(table, CLUSTERED));
}

export function assign(clusters: Clusters, table: Table): Int32Array {
  return clusters.model.assign(scaledBy(clusters, table));
}

export interface Placed {
  cluster: Int32Array;
  distance: Float32Array;
  /** 1 at the centre, 0 as near to the next centre as to the own. */
  closeness: Float32Array;
}

/** Where each row lies among the centres. */
export function place(clusters: Clusters, table: Table): Placed {
  const scaled = scaledBy(clusters, table);
  const { centres, clusters: k } = clusters.model;
  const placed = {
    cluster: clusters.model.assign(scaled),
    distance: new Float32Array(table.rows),
    closeness: new Float32Array(table.rows),
  };
  const width = scaled.columns.length;
  for (let row = 0; row < table.rows; row++) {
    const own = placed.cluster[row];
    let next = Infinity;
    for (let c = 0; c < k; c++) {
      const away = distance(scaled, row, centres, c * width);
      if (c === own) placed.distance[row] = away;
      else next = Math.min(next, away);
    }
    placed.closeness[row] =
      next > 0 && Number.isFinite(next) ? Math.max(0, 1 - placed.distance[row] / next) : 1;
  }
  return placed;
}

function distance({ columns }: Table, row: number, centres: Float64Array, at: number): number {
  let sum = 0;
  for (let j = 0; j < columns.length; j++) sum += (columns[j][row] - centres[at + j]) ** 2;
  return Math.sqrt(sum);
}

/** Mean of a target by group; the mean of all where a group has no rows. */
export function meansBy(groups: Int32Array, target: Float32Array, count: number): Float64Array {
  const [sums, sizes] = [new Float64Array(count), new Float64Array(count)];
  groups.forEach((group, row) => {
    sums[group] += target[row];
    sizes[group]++;
  });
  const mean = target.reduce((sum, value) => sum + value, 0) / Math.max(1, target.length);
  return sums.map((sum, group) => (sizes[group] > 0 ? sum / sizes[group] : mean));
}

export function bytesOf({ clusters, keys, means, rule, ruleMeans }: Segmentation): Buffer {
  const saved: Saved = {
    kind: KIND,
    version: VERSION,
    values: { keys, rule: rule as unknown as Json }, // numbers and lists of numbers
    arrays: { means, ruleMeans },
    parts: [clusters.model.save(), ...clusters.steps.map(step => step.save())],
  };
  return Buffer.from(encode(saved));
}

/** @throws MlError `ml.bad_model` */
export function segmentationFrom(bytes: Uint8Array): Segmentation {
  const saved = decode(bytes);
  const reader = new SavedReader(saved, KIND, VERSION);
  const model = loadKMeans(reader.part(0));
  return {
    clusters: { model, steps: saved.parts.slice(1).map(loadTransformer) },
    keys: reader.names('keys'),
    means: reader.array('means', model.clusters),
    rule: saved.values['rule'] as unknown as RfmRule, // as `bytesOf` wrote it: the reader checked kind and version
    ruleMeans: reader.array('ruleMeans', model.clusters),
  };
}

/** A row of features that a caller gives, as a table of one row; what is left out is missing. */
export function tableOfOne(
  names: readonly string[],
  given: Readonly<Record<string, number | string | boolean | null>>,
): Table {
  const unknown = Object.keys(given).filter(name => !names.includes(name));
  if (unknown.length > 0)
    throw new AppError(
      'request.unknown_feature',
      `no feature ${unknown.join(', ')}; there are ${names.join(', ')}`,
    );
  const columns = names.map(name => {
    const value = Object.hasOwn(given, name) ? given[name] : null;
    if (typeof value === 'string')
      throw new AppError('request.bad_feature', `${name} is "${value}"; it must be a number`);
    return Float32Array.of(value === null ? NaN : Number(value));
  });
  return { names, rows: 1, columns };
}
