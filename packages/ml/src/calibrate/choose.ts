import { logLossOf } from '../numeric/logistic.ts';
import type { Rng } from '../random/rng.ts';
import type { CalibrationRows, Calibrator } from './calibrator.ts';
import { isotonic } from './isotonic.ts';
import { platt } from './platt.ts';

/** Rarer outcomes in fewer rows than this leave isotonic steps too coarse to be worth trying. */
const FEWEST_FOR_ISOTONIC = 500;
const FOLDS = 5;

/**
 * Platt's calibration, or the isotonic where each class has 500 rows or more and its log loss over five folds is lower.
 */
export async function chooseCalibrator(rows: CalibrationRows, rng: Rng): Promise<Calibrator> {
  const positives = rows.target.reduce((sum, y) => sum + y, 0);
  if (Math.min(positives, rows.target.length - positives) < FEWEST_FOR_ISOTONIC) return platt(rows);
  const fold = rng.permutation(rows.target.length).map(at => at % FOLDS);
  const smooth = await crossValidated(rows, fold, platt);
  const stepped = await crossValidated(rows, fold, async part => isotonic(part));
  return stepped < smooth ? isotonic(rows) : platt(rows);
}

async function crossValidated(
  rows: CalibrationRows,
  fold: Uint32Array,
  fit: (rows: CalibrationRows) => Promise<Calibrator>,
): Promise<number> {
  let loss = 0;
  for (let held = 0; held < FOLDS; held++) {
    const calibrator = await fit(only(rows, (_, i) => fold[i] !== held));
    const rest = only(rows, (_, i) => fold[i] === held);
    rest.logOdds.forEach((x, i) => (loss += logLossOf(calibrator.apply(x), rest.target[i])));
  }
  return loss / rows.target.length;
}

function only(
  { logOdds, target }: CalibrationRows,
  keep: (value: number, i: number) => boolean,
): CalibrationRows {
  return { logOdds: logOdds.filter(keep), target: target.filter(keep) };
}
