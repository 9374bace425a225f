import { readFileSync } from 'node:fs';
import type { Table } from '../table.ts';

interface Mixture {
  shares: number[];
  means: number[];
  covariances: number[];
  mean_log_likelihood: number;
  bic: number;
  /** Of the first 30 rows. */
  probabilities: number[];
}
interface KMeansFit {
  centres: number[];
  labels: number[];
  inertia: number;
}

/** What `oracles/cluster.py` wrote. */
interface Oracle {
  blobs: number[][];
  moons: number[][];
  weights: number[];
  start: number[][];
  k_means: KMeansFit;
  k_means_weighted: KMeansFit;
  mixture_full: Mixture;
  mixture_diagonal: Mixture;
  dbscan: number[];
  dbscan_weighted: number[];
  hdbscan_moons: number[];
  hdbscan_blobs: number[];
  silhouette: number;
  other: number[];
  adjusted_rand: number;
}

// the file is ours, written by the script beside it
export const oracle = JSON.parse(
  readFileSync(new URL('../../oracles/cluster.json', import.meta.url), 'utf8'),
) as Oracle;

/** A table of points by row. */
export function tableOfPoints(points: readonly (readonly number[])[]): Table {
  const names = points[0].map((_, j) => `x${j}`);
  const columns = names.map((_, j) => Float32Array.from(points, point => point[j]));
  return { names, rows: points.length, columns };
}

export const blobs = tableOfPoints(oracle.blobs);
export const moons = tableOfPoints(oracle.moons);
export const weights = Float32Array.from(oracle.weights);
