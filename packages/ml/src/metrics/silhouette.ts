import { MlError, required } from '../errors.ts';
import { Rng } from '../random/rng.ts';
import { rowsAt, type Table } from '../table.ts';

export interface SilhouetteOptions {
  /** Rows drawn at random to be measured among themselves; all where absent. The work grows with its square. */
  sample?: number;
  rng?: Rng;
  /** By row: a whole one is the row repeated. */
  weights?: ArrayLike<number>;
}

/**
 * The mean silhouette (Rousseeuw 1987): how much nearer, on average, a row lies to its own cluster than to the next one,
 * -1 to 1. A row that is alone in its cluster counts 0. Rows labelled -1 are of no cluster and are passed over.
 *
 * @param labels of each row, whole numbers
 * @throws MlError `ml.one_class` with fewer than two clusters
 */
export function silhouette(
  table: Table,
  labels: ArrayLike<number>,
  { sample = Infinity, rng = new Rng(0), weights }: SilhouetteOptions = {},
): number {
  required(sample >= 2, 'sample', '2 or more', sample);
  if (labels.length !== table.rows)
    throw new MlError('ml.bad_table', `${labels.length} labels for ${table.rows} rows`);
  const rows = sampled(labels, sample, rng).filter(row => (weights?.[row] ?? 1) > 0);
  const own = rows.map(row => labels[row]);
  const clusters = [...new Set(own)];
  if (clusters.length < 2)
    throw new MlError('ml.one_class', `all ${rows.length} rows are of one cluster; two or more are needed`);
  const at = new Map(clusters.map((label, position) => [label, position]));
  const cluster = Uint32Array.from(own, label => at.get(label) ?? 0);
  const weight = Float64Array.from(rows, row => weights?.[row] ?? 1);
  return meanSilhouette(rowsAt(table, rows), cluster, weight, clusters.length);
}

function sampled(labels: ArrayLike<number>, sample: number, rng: Rng): number[] {
  const rows = Array.from({ length: labels.length }, (_, row) => row).filter(row => labels[row] >= 0);
  if (rows.length <= sample) return rows;
  return Array.from(rng.permutation(rows.length).subarray(0, sample), at => rows[at]);
}

function meanSilhouette(
  { columns, rows }: Table,
  cluster: Uint32Array,
  weight: Float64Array,
  clusters: number,
): number {
  const sizes = new Float64Array(clusters);
  cluster.forEach((k, row) => (sizes[k] += weight[row]));
  const squares = new Float64Array(rows);
  const sums = new Float64Array(clusters);
  let [sum, total] = [0, 0];
  for (let row = 0; row < rows; row++) {
    squaredDistances(columns, row, squares);
    sums.fill(0);
    for (let other = 0; other < rows; other++)
      sums[cluster[other]] += weight[other] * Math.sqrt(squares[other]);
    sum += weight[row] * silhouetteOf(sums, sizes, cluster[row]);
    total += weight[row];
  }
  return sum / total;
}

function squaredDistances(columns: readonly Float32Array[], row: number, into: Float64Array): void {
  into.fill(0);
  for (const column of columns) {
    const centre = column[row];
    for (let other = 0; other < into.length; other++) into[other] += (column[other] - centre) ** 2;
  }
}

/** From the sums of distances to each cluster and their sizes. */
function silhouetteOf(sums: Float64Array, sizes: Float64Array, own: number): number {
  if (sizes[own] <= 1) return 0;
  const inside = sums[own] / (sizes[own] - 1);
  let outside = Infinity;
  sums.forEach((sum, k) => {
    if (k !== own) outside = Math.min(outside, sum / sizes[k]);
  });
  const larger = Math.max(inside, outside);
  return larger === 0 ? 0 : (outside - inside) / larger;
}
