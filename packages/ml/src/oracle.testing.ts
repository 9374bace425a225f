import { readFileSync } from 'node:fs';
import { tableOf, type Table } from './table.ts';

interface Fit {
  coefficients: number[];
  covariance: number[];
  probabilities: number[];
}

/** What `oracles/linear.py` wrote. */
interface LinearOracle {
  columns: Record<string, number[]>;
  holes: Record<string, (number | null)[]>;
  target: number[];
  weights: number[];
  ridge: Fit;
  weak: Fit;
  weighted: Fit;
  pipeline: Fit;
  scores: number[];
  metrics: Record<'auc' | 'weighted_auc' | 'average_precision' | 'log_loss' | 'brier', number>;
  isotonic: number[];
}

// the file is ours, written by the script beside it
export const oracle = JSON.parse(
  readFileSync(new URL('../oracles/linear.json', import.meta.url), 'utf8'),
) as LinearOracle;

export const oracleTarget = Float32Array.from(oracle.target);
export const oracleTable = asTable(oracle.columns);
export const oracleHoles = asTable(oracle.holes);

function asTable(columns: Record<string, (number | null)[]>): Table {
  const read = Object.entries(columns).map(([name, values]) => [
    name,
    Float32Array.from(values, v => v ?? NaN),
  ]);
  return tableOf(Object.fromEntries(read) as Record<string, Float32Array>); // entries of name and column, as mapped above
}

/** The largest distance between two lists of numbers, over the largest of them. */
export function distance(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  let [apart, size] = [0, 1e-300];
  for (let i = 0; i < found.length; i++) {
    apart = Math.max(apart, Math.abs(found[i] - expected[i]));
    size = Math.max(size, Math.abs(expected[i]));
  }
  return apart / size;
}
