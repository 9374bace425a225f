import { MlError } from '../errors.ts';
import { chiSquareAbove } from '../numeric/special-normal.ts';
import { inverse, quadraticForm } from '../numeric/symmetric.ts';
import { eachTime, latestFirst, soundSurvival, type SurvivalTarget } from './survival-target.ts';

export interface LogRank {
  /** Chi-square with one degree of freedom less than there are groups. */
  statistic: number;
  degrees: number;
  /** How likely a statistic as large is where all groups last alike. */
  p: number;
}

/**
 * The log-rank test (Mantel 1966) of two or more groups: whether they last alike.
 *
 * @param groups of each row, whole numbers from 0 up
 * @throws MlError `ml.one_class` with fewer than two groups, `ml.bad_value`, `ml.bad_table`
 */
export function logRank(target: SurvivalTarget, groups: Int32Array, weights?: Float32Array): LogRank {
  soundSurvival(target, groups.length);
  const at = numbered(groups);
  const k = at.size;
  if (k < 2)
    throw new MlError('ml.one_class', 'all rows are of one group; two or more are needed to compare');
  const { time, event } = target;
  const order = latestFirst(time);
  const sums = {
    atRisk: new Float64Array(k),
    excess: new Float64Array(k),
    variance: new Float64Array(k * k),
  };
  eachTime(order, time, (from, to) => {
    const events = new Float64Array(k);
    for (let i = from; i < to; i++) {
      const [row, weight] = [order[i], weights?.[order[i]] ?? 1];
      const group = at.get(groups[row]) ?? 0;
      sums.atRisk[group] += weight;
      events[group] += weight * event[row];
    }
    add(sums, events);
  });
  return tested(sums.excess, sums.variance, k);
}

function numbered(groups: Int32Array): Map<number, number> {
  return new Map([...new Set(groups)].sort((a, b) => a - b).map((group, at) => [group, at]));
}

interface Sums {
  atRisk: Float64Array;
  /** Events less those expected, by group. */
  excess: Float64Array;
  variance: Float64Array;
}

/** The hypergeometric mean and variance of the events at one time. */
function add({ atRisk, excess, variance }: Sums, events: Float64Array): void {
  const [n, d] = [atRisk, events].map(part => part.reduce((sum, v) => sum + v, 0)) as [number, number]; // of two
  if (d === 0) return;
  const k = atRisk.length;
  const factor = n > 1 ? (d * (n - d)) / (n - 1) : 0;
  for (let i = 0; i < k; i++) {
    const share = atRisk[i] / n;
    excess[i] += events[i] - d * share;
    for (let j = 0; j < k; j++) variance[i * k + j] += factor * share * (Number(i === j) - atRisk[j] / n);
  }
}

/** The last group follows from the others, so it is left out. */
function tested(excess: Float64Array, variance: Float64Array, k: number): LogRank {
  const degrees = k - 1;
  const part = Float64Array.from(
    { length: degrees * degrees },
    (_, at) => variance[Math.floor(at / degrees) * k + (at % degrees)],
  );
  if (part.every(value => value === 0)) return { statistic: 0, degrees, p: 1 };
  const statistic = quadraticForm(inverse(part, degrees), excess.subarray(0, degrees));
  return { statistic, degrees, p: chiSquareAbove(statistic, degrees) };
}
