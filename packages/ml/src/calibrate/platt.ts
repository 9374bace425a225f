import { MlError } from '../errors.ts';
import { logistic } from '../linear/logistic.ts';
import { sigmoid } from '../numeric/logistic.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { tableOf } from '../table.ts';
import type { CalibrationRows, Calibrator } from './calibrator.ts';

const KIND = 'platt';
const VERSION = 1;

interface Line {
  offset: number;
  slope: number;
  /** Of (offset, slope): variance, covariance, variance. */
  covariance: Float64Array;
}

/**
 * Platt's calibration (1999): a sigmoid of a line in the log-odds, fitted to targets (n+ + 1)/(n+ + 2) and 1/(n- + 2)
 * in the place of 1 and 0, so that a separable sample does not give certainty. Its intervals hold the uncertainty of
 * the line too.
 *
 * @throws MlError `ml.one_class` when the rows are all of one class
 */
export async function platt({ logOdds, target }: CalibrationRows): Promise<Calibrator> {
  const positives = target.reduce((sum, y) => sum + y, 0);
  if (positives === 0 || positives === target.length)
    throw new MlError(
      'ml.one_class',
      `all ${target.length} rows to calibrate on are of one class; both are needed`,
    );
  const [high, low] = [(positives + 1) / (positives + 2), 1 / (target.length - positives + 2)];
  const soft = target.map(y => (y > 0.5 ? high : low));
  const model = await logistic({ l2: 0, tolerance: 1e-8 }).fit(
    tableOf({ logOdds: Float32Array.from(logOdds) }),
    soft,
  );
  const { coefficients, covariance } = model.save().arrays;
  const [offset = 0, slope = 1] = coefficients ?? [];
  const [a = 0, b = 0, , d = 0] = covariance ?? [];
  return calibratorOf({ offset, slope: Math.max(0, slope), covariance: Float64Array.of(a, b, d) });
}

function calibratorOf({ offset, slope, covariance }: Line): Calibrator {
  const [vv = 0, vs = 0, ss = 0] = covariance;
  return {
    kind: KIND,
    apply: x => sigmoid(offset + slope * x),
    interval: (x, deviation, z) => {
      const own = vv + 2 * x * vs + x * x * ss;
      const spread = z * Math.sqrt(Math.max(0, slope * slope * deviation * deviation + own));
      const centre = offset + slope * x;
      return { low: sigmoid(centre - spread), high: sigmoid(centre + spread) };
    },
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: { offset, slope },
      arrays: { covariance },
      parts: [],
    }),
  };
}

export function loadPlatt(saved: Saved): Calibrator {
  const reader = new SavedReader(saved, KIND, VERSION);
  return calibratorOf({
    offset: reader.number('offset'),
    slope: reader.number('slope'),
    covariance: reader.array('covariance', 3),
  });
}
