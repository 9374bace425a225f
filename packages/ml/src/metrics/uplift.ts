import { MlError, required } from '../errors.ts';
import { descending } from './order.ts';

/** Who was treated and what came of it, by how much the treatment was told to help. */
export interface UpliftRows {
  /** The higher, the more the treatment is told to help. */
  scores: ArrayLike<number>;
  /** What came of it: 0 or 1, or an amount. */
  outcome: ArrayLike<number>;
  /** 1 for those treated, 0 for the control group, chosen at random. */
  treated: ArrayLike<number>;
  /** One each where absent. */
  weights?: ArrayLike<number> | undefined;
}

export interface UpliftPoint {
  /** Share of the rows, the best-scored first. */
  share: number;
  /** Outcomes gained by treating them, per person of all treated. */
  gain: number;
}

interface Passed {
  treated: number;
  control: number;
  treatedOutcome: number;
  controlOutcome: number;
}

const NOBODY: Passed = { treated: 0, control: 0, treatedOutcome: 0, controlOutcome: 0 };

/**
 * Qini's curve (Radcliffe 2007): outcomes among the best-scored treated, less those of the control group among them
 * scaled to as many, along the ranking. Rows of equal score are one straight line.
 *
 * @throws MlError `ml.one_class` without a treated or a control row
 */
export function qiniCurve(rows: UpliftRows): UpliftPoint[] {
  const steps = stepsOf(rows);
  const { treated, control } = steps[steps.length - 1];
  return steps.map(step => ({
    share: (step.treated + step.control) / (treated + control),
    gain: gained(step) / treated,
  }));
}

/** The area between Qini's curve and the straight line of a random order; 0 for no order at all. */
export function qini(rows: UpliftRows): number {
  const curve = qiniCurve(rows);
  const end = curve[curve.length - 1].gain;
  const area = curve.reduce((sum, point, i) => {
    const before = curve[i - 1] ?? { share: 0, gain: 0 };
    return sum + ((point.share - before.share) * (point.gain + before.gain)) / 2;
  }, 0);
  return area - end / 2;
}

/**
 * Mean outcome of the treated less that of the control group, among the best-scored share of all rows; of equal scores
 * at the edge, a part of each. NaN where either group is absent there.
 */
export function upliftAt(rows: UpliftRows, share: number): number {
  required(share > 0 && share <= 1, 'share', 'above 0, to 1', share);
  const steps = stepsOf(rows);
  const last = steps[steps.length - 1];
  const wanted = share * (last.treated + last.control);
  const at = Math.max(
    1,
    steps.findIndex(step => step.treated + step.control >= wanted - 1e-9),
  );
  const { treated, control, treatedOutcome, controlOutcome } = between(steps[at - 1], steps[at], wanted);
  return treatedOutcome / treated - controlOutcome / control;
}

/** What has been passed at the end of each run of equal scores; nobody first. */
function stepsOf({ scores, outcome, treated, weights }: UpliftRows): Passed[] {
  if (scores.length !== outcome.length || scores.length !== treated.length)
    throw new MlError(
      'ml.bad_table',
      `${scores.length} scores and ${treated.length} treatments for ${outcome.length} outcomes`,
    );
  const order = descending(scores);
  const steps: Passed[] = [NOBODY];
  let passed = NOBODY;
  order.forEach((row, i) => {
    passed = after(passed, treated[row] > 0.5, weights?.[row] ?? 1, outcome[row]);
    if (i + 1 === order.length || scores[order[i + 1]] !== scores[row]) steps.push(passed);
  });
  if (passed.treated === 0 || passed.control === 0)
    throw new MlError('ml.one_class', 'both treated rows and a control group are needed to measure uplift');
  return steps;
}

function after(passed: Passed, isTreated: boolean, weight: number, outcome: number): Passed {
  return isTreated
    ? {
        ...passed,
        treated: passed.treated + weight,
        treatedOutcome: passed.treatedOutcome + weight * outcome,
      }
    : {
        ...passed,
        control: passed.control + weight,
        controlOutcome: passed.controlOutcome + weight * outcome,
      };
}

function gained({ treated, control, treatedOutcome, controlOutcome }: Passed): number {
  return treatedOutcome - (control === 0 ? 0 : (controlOutcome * treated) / control);
}

/** On the line between two steps, at so many rows. */
function between(from: Passed, to: Passed, rows: number): Passed {
  const [start, end] = [from.treated + from.control, to.treated + to.control];
  const part = end > start ? (rows - start) / (end - start) : 1;
  const mixed = (a: number, b: number): number => a + part * (b - a);
  return {
    treated: mixed(from.treated, to.treated),
    control: mixed(from.control, to.control),
    treatedOutcome: mixed(from.treatedOutcome, to.treatedOutcome),
    controlOutcome: mixed(from.controlOutcome, to.controlOutcome),
  };
}
