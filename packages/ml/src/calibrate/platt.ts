import { sigmoid } from '../numeric/logistic.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { softened, type CalibrationRows, type Calibrator } from './calibrator.ts';
import { deviationOf, fittedLine, type Line } from './line.ts';

const KIND = 'platt';
const VERSION = 1;

/**
 * Platt's calibration (1999): a sigmoid of a line in the log-odds, fitted to softened targets. Its intervals hold the
 * uncertainty of the line too.
 *
 * @throws MlError `ml.one_class` when the rows are all of one class
 */
export async function platt(rows: CalibrationRows): Promise<Calibrator> {
  const { coefficients, covariance } = fittedLine([rows.logOdds], softened(rows), rows.weights);
  coefficients[1] = Math.max(0, coefficients[1]);
  return calibratorOf({ coefficients, covariance });
}

function calibratorOf(line: Line): Calibrator {
  const [offset, slope] = line.coefficients;
  return {
    kind: KIND,
    apply: x => sigmoid(offset + slope * x),
    interval: (x, deviation, z) => {
      const spread = z * Math.hypot(slope * deviation, deviationOf(line, Float64Array.of(1, x)));
      const centre = offset + slope * x;
      return { low: sigmoid(centre - spread), high: sigmoid(centre + spread) };
    },
    save: () => {
      const [vv, vs, , ss] = line.covariance;
      return {
        kind: KIND,
        version: VERSION,
        values: { offset, slope },
        arrays: { covariance: Float64Array.of(vv, vs, ss) },
        parts: [],
      };
    },
  };
}

export function loadPlatt(saved: Saved): Calibrator {
  const reader = new SavedReader(saved, KIND, VERSION);
  const [vv, vs, ss] = reader.array('covariance', 3);
  return calibratorOf({
    coefficients: Float64Array.of(reader.number('offset'), reader.number('slope')),
    covariance: Float64Array.of(vv, vs, vs, ss),
  });
}
