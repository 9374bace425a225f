import { sigmoid } from '../numeric/logistic.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { softened, type CalibrationRows, type Calibrator } from './calibrator.ts';
import { deviationOf, fittedLine, type Line } from './line.ts';

const KIND = 'beta';
const VERSION = 1;

/**
 * Beta calibration (Kull, Silva Filho and Flach 2017): log-odds that are a ln p - b ln(1 - p) + c, with a and b not
 * below 0. Where Platt's line bends too little: it can stretch one end and leave the other. With a = b it is Platt's.
 * Fitted to softened targets, as Platt's.
 *
 * @throws MlError `ml.one_class` when the rows are all of one class
 */
export async function beta(rows: CalibrationRows): Promise<Calibrator> {
  const target = softened(rows);
  const columns = [rows.logOdds.map(logOf), rows.logOdds.map(x => -logOf(-x))];
  const both = fittedLine(columns, target, rows.weights);
  const [, a, b] = both.coefficients;
  if (a >= 0 && b >= 0) return calibratorOf(both);
  // one end alone is bent the right way
  const kept = a < 0 ? 1 : 0;
  return calibratorOf(placed(fittedLine([columns[kept]], target, rows.weights), kept));
}

/** ln of the sigmoid. */
function logOf(x: number): number {
  return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
}

/** A line in one of the two features as a line in both. */
function placed({ coefficients: [c, slope], covariance: [cc, cs, , ss] }: Line, at: 0 | 1): Line {
  const coefficients = Float64Array.of(c, 0, 0);
  const covariance = Float64Array.of(cc, 0, 0, 0, 0, 0, 0, 0, 0);
  const j = at + 1;
  coefficients[j] = Math.max(0, slope);
  covariance[j] = covariance[3 * j] = cs;
  covariance[4 * j] = ss;
  return { coefficients, covariance };
}

function calibratorOf(line: Line): Calibrator {
  const [c, a, b] = line.coefficients;
  const centre = (x: number): number => c + a * logOf(x) - b * logOf(-x);
  return {
    kind: KIND,
    apply: x => sigmoid(centre(x)),
    interval: (x, deviation, z) => {
      const slope = a * sigmoid(-x) + b * sigmoid(x);
      const own = deviationOf(line, Float64Array.of(1, logOf(x), -logOf(-x)));
      const spread = z * Math.hypot(slope * deviation, own);
      return { low: sigmoid(centre(x) - spread), high: sigmoid(centre(x) + spread) };
    },
    save: () => ({ kind: KIND, version: VERSION, values: {}, arrays: { ...line }, parts: [] }),
  };
}

export function loadBeta(saved: Saved): Calibrator {
  const reader = new SavedReader(saved, KIND, VERSION);
  const coefficients = reader.array('coefficients', 3);
  if (coefficients[1] < 0 || coefficients[2] < 0) throw reader.bad('coefficients');
  return calibratorOf({ coefficients, covariance: reader.array('covariance', 9) });
}
