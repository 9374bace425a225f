import type { ClassifierCurves } from '@bellwether/contracts';
import { calibrationTable, gainAt, rocCurve } from '@bellwether/ml';

export interface CurveRows {
  model: Float64Array;
  baseline: Float64Array;
  target: Float32Array;
}

/** What a purchase of a chosen customer is worth to the choosing, and what the choosing costs. */
export interface ContactValue {
  margin: number;
  contactCost: number;
  effect: number;
}

const GAIN_SHARES = Array.from({ length: 21 }, (_, i) => i / 20);
const PROFIT_THRESHOLDS = Array.from({ length: 51 }, (_, i) => i / 50);

/** The pictures of a test: all from rows that were not learned from. */
export function curvesOf({ model, baseline, target }: CurveRows, value: ContactValue): ClassifierCurves {
  const roc = (scores: Float64Array): { fpr: number; tpr: number }[] =>
    rocCurve(scores, target, 100).map(({ fpr, tpr }) => ({ fpr, tpr }));
  const [modelGain, baselineGain] = [
    gainAt(model, target, GAIN_SHARES),
    gainAt(baseline, target, GAIN_SHARES),
  ];
  return {
    roc: roc(model),
    baseline_roc: roc(baseline),
    calibration: calibrationTable(model, target),
    gain: GAIN_SHARES.map((share, i) => ({ share, model: modelGain[i], baseline: baselineGain[i] })),
    profit: PROFIT_THRESHOLDS.map(threshold => profitAt(model, target, threshold, value)),
  };
}

/** Per 1,000 customers, by the purchases that were made: hits x effect x margin, less the cost of all contacted. */
function profitAt(
  probability: Float64Array,
  target: Float32Array,
  threshold: number,
  { margin, contactCost, effect }: ContactValue,
): ClassifierCurves['profit'][number] {
  let [contacted, hits] = [0, 0];
  for (let row = 0; row < target.length; row++)
    if (probability[row] >= threshold) {
      contacted++;
      hits += target[row];
    }
  const profit = hits * effect * margin - contacted * contactCost;
  return {
    threshold,
    profit: (1000 * profit) / target.length,
    contacted: (1000 * contacted) / target.length,
  };
}
