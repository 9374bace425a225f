import { throwIfStopped, type Estimator, type FitProgress } from '../estimator.ts';
import { MlError } from '../errors.ts';
import type { Data, Split } from './data.ts';
import { openPool } from './pool.ts';
import type { Score } from './score.ts';

export interface CrossValidateOptions {
  score: Score;
  seed?: number;
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: FitProgress) => void) | undefined;
}

export interface CrossValidation {
  /** The score of each split's tested rows. */
  scores: Float64Array;
  mean: number;
  /** Standard error of the mean over the splits; NaN for one. Splits share rows, so it is a little too small. */
  error: number;
  /** For each row what was said of it by a model that had not seen it; NaN for a row that no split tests. */
  predicted: Float64Array;
}

/**
 * Fits to the one part of each split and judges on the other, several splits at once.
 *
 * @example
 * const splits = stratifiedFold(target, 5, new Rng(1));
 * (await crossValidate(boosting({}), { table, target }, splits, { score: aucScore })).mean // 0.81
 */
export async function crossValidate(
  estimator: Estimator,
  data: Data,
  splits: readonly Split[],
  { score, seed = 0, threads, signal, onProgress }: CrossValidateOptions,
): Promise<CrossValidation> {
  throwIfStopped(signal);
  if (splits.length === 0) throw new MlError('ml.bad_parameter', 'splits must hold one split or more');
  const pool = openPool(data, [estimator], { threads, fits: splits.length, signal });
  const predicted = new Float64Array(data.table.rows).fill(NaN);
  let done = 0;
  try {
    const judged = splits.map(async (split, at) => {
      const found = await pool.run(estimator, split, seed + at);
      if (found.length !== split.test.length)
        throw new MlError('ml.bad_parameter', 'estimator must tell one number a row to be cross-validated');
      split.test.forEach((row, i) => (predicted[row] = found[i]));
      onProgress?.({ done: ++done, total: splits.length, unit: 'fits' });
      return scored(score, data, split, found);
    });
    return { ...summary(Float64Array.from(await Promise.all(judged))), predicted };
  } finally {
    await pool.close();
  }
}

/** The score of the tested rows of one split. */
export function scored(
  score: Score,
  { target, weights }: Data,
  { test }: Split,
  found: Float64Array,
): number {
  const own = weights && Float32Array.from(test, row => weights[row]);
  return score.of(
    found,
    Float32Array.from(test, row => target[row]),
    own,
  );
}

function summary(scores: Float64Array): { scores: Float64Array; mean: number; error: number } {
  const n = scores.length;
  const mean = scores.reduce((sum, value) => sum + value, 0) / n;
  const squares = scores.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { scores, mean, error: Math.sqrt(squares / (n - 1) / n) };
}
