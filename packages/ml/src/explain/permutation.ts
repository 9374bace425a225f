import { breath, throwIfStopped } from '../estimator.ts';
import { MlError, required } from '../errors.ts';
import { Rng } from '../random/rng.ts';
import type { Table } from '../table.ts';
import { replaced, someRows, type Predicts } from './replaced.ts';

export interface PermutationOptions<M> {
  /** How good a model is on rows: the larger, the better. */
  score: (model: M, table: Table, target: Float32Array) => number;
  /** Columns to judge; all of them where absent. */
  features?: readonly string[] | undefined;
  /** How often each column is shuffled. */
  repeats?: number | undefined;
  rng?: Rng | undefined;
  signal?: AbortSignal | undefined;
}

export interface PermutationImportance {
  feature: string;
  /** By how much the score falls when the column is shuffled, on average. */
  mean: number;
  /** Standard deviation over the shuffles. */
  deviation: number;
  /** 95 % interval of the mean: of what chance in shuffling leaves open, not of what other rows would say. */
  low: number;
  high: number;
  drops: Float64Array;
}

/**
 * By how much a model's score falls when the values of one column are shuffled among the rows (Breiman 2001): what it
 * would lose without the column. Take rows that it has not learned from. Columns that say the same stand in for each
 * other, and then neither seems to matter. Falls of one column are those of its own shuffles, whichever others are judged.
 *
 * @throws MlError `ml.no_rows`, `ml.bad_table`, `ml.bad_parameter`
 * @example
 * const score = (model, table, target) => auc(model.predict(table), target);
 * await permutationImportance(model, later, laterTarget, { score, repeats: 20 });
 */
export async function permutationImportance<M extends Predicts>(
  model: M,
  table: Table,
  target: Float32Array,
  { score, features = table.names, repeats = 10, rng = new Rng(0), signal }: PermutationOptions<M>,
): Promise<PermutationImportance[]> {
  required(Number.isInteger(repeats) && repeats >= 2, 'repeats', 'a whole number from 2 up', repeats);
  someRows(table);
  if (target.length !== table.rows)
    throw new MlError('ml.bad_table', `${target.length} values of the target for ${table.rows} rows`);
  const whole = score(model, table, target);
  const seed = rng.bits();
  const importances: PermutationImportance[] = [];
  for (const feature of features) {
    const own = new Rng(seed ^ hashOf(feature));
    const drops = new Float64Array(repeats);
    for (let round = 0; round < repeats; round++) {
      await breath();
      throwIfStopped(signal);
      drops[round] = whole - score(model, shuffled(table, feature, own), target);
    }
    importances.push(summary(feature, drops));
  }
  return importances;
}

function shuffled(table: Table, feature: string, rng: Rng): Table {
  const column = table.columns[table.names.indexOf(feature)] ?? new Float32Array();
  const order = rng.permutation(table.rows);
  return replaced(
    table,
    feature,
    Float32Array.from(order, row => column[row]),
  );
}

function summary(feature: string, drops: Float64Array): PermutationImportance {
  const mean = drops.reduce((sum, drop) => sum + drop, 0) / drops.length;
  const squares = drops.reduce((sum, drop) => sum + (drop - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (drops.length - 1));
  const apart = (1.959963984540054 * deviation) / Math.sqrt(drops.length);
  return { feature, mean, deviation, low: mean - apart, high: mean + apart, drops };
}

/** 32 bits of a name (FNV-1a). */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
