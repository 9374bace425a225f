import { logLossOf } from '../numeric/logistic.ts';
import type { Rng } from '../random/rng.ts';
import { beta } from './beta.ts';
import type { CalibrationRows, Calibrator } from './calibrator.ts';
import { isotonic } from './isotonic.ts';
import { platt } from './platt.ts';

/** Rarer outcomes in fewer rows than this are not enough to tell more than a line. */
const FEWEST_TO_CHOOSE = 500;
const FOLDS = 5;

type Fit = (rows: CalibrationRows) => Promise<Calibrator>;

/** The simplest first. */
const CANDIDATES: readonly Fit[] = [platt, beta, async rows => isotonic(rows)];

/**
 * Platt's calibration; or where each class has 500 rows or more the simplest of Platt's, beta and isotonic whose log
 * loss over five folds is within one standard error of the best's (Breiman and others 1984).
 */
export async function chooseCalibrator(rows: CalibrationRows, rng: Rng): Promise<Calibrator> {
  const positives = rows.target.reduce((sum, y) => sum + y, 0);
  if (Math.min(positives, rows.target.length - positives) < FEWEST_TO_CHOOSE) return platt(rows);
  const fold = rng.permutation(rows.target.length).map(at => at % FOLDS);
  const losses: Float64Array[] = [];
  for (const fit of CANDIDATES) losses.push(await crossValidated(rows, fold, fit));
  const best = losses.reduce((least, next) => (sumOf(next) < sumOf(least) ? next : least));
  const chosen = losses.findIndex(each => isWithinError(each, best));
  return (CANDIDATES[chosen] ?? platt)(rows);
}

/** Whether losses are higher than others of the same rows by no more than the standard error of the difference. */
function isWithinError(losses: Float64Array, best: Float64Array): boolean {
  const worse = losses.map((loss, i) => loss - best[i]);
  const mean = sumOf(worse) / worse.length;
  const variance = sumOf(worse.map(x => (x - mean) ** 2)) / worse.length;
  return mean <= Math.sqrt(variance / worse.length);
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The loss of each row by a calibrator that was not fitted to it, times its weight. */
async function crossValidated(rows: CalibrationRows, fold: Uint32Array, fit: Fit): Promise<Float64Array> {
  const losses = new Float64Array(rows.target.length);
  for (let held = 0; held < FOLDS; held++) {
    const calibrator = await fit(only(rows, i => fold[i] !== held));
    rows.logOdds.forEach((x, i) => {
      if (fold[i] === held)
        losses[i] = (rows.weights?.[i] ?? 1) * logLossOf(calibrator.apply(x), rows.target[i]);
    });
  }
  return losses;
}

function only(
  { logOdds, target, weights }: CalibrationRows,
  keep: (row: number) => boolean,
): CalibrationRows {
  return {
    logOdds: logOdds.filter((_, i) => keep(i)),
    target: target.filter((_, i) => keep(i)),
    weights: weights?.filter((_, i) => keep(i)),
  };
}
