import { eachTime } from './survival-target.ts';

/** Subjects in order, the longest time first; none of weight 0. */
export interface CoxData {
  rows: number;
  width: number;
  /** rows x width, by row, of like scale. */
  x: Float64Array;
  time: Float32Array;
  event: Float32Array;
  weights: Float64Array;
}

export type Ties = 'efron' | 'breslow';

/** Log partial likelihood with its gradient and negative Hessian (width x width, by row). */
export interface CoxSums {
  value: number;
  gradient: Float64Array;
  information: Float64Array;
}

/** Weighted sums of e^eta, e^eta x and e^eta x x' over some subjects. */
interface Moments {
  zeroth: number;
  first: Float64Array;
  second: Float64Array;
}

/**
 * Cox's partial likelihood (1972) in one pass from the last time to the first, so that those at risk only grow. Events
 * at one time: Efron's (1977) or Breslow's (1974) sum. In Efron's, m events of weights w count as in R's survival: their
 * mean weight for each of the m terms.
 */
export function coxLikelihood(data: CoxData, b: Float64Array, ties: Ties): CoxSums {
  const { width } = data;
  const { eta, most } = linearPredictor(data, b);
  const sums = { value: 0, gradient: new Float64Array(width), information: new Float64Array(width * width) };
  const [atRisk, tied] = [moments(width), moments(width)];
  eachTime(positions(data.rows), data.time, (from, to) => {
    clear(tied);
    let [events, weight] = [0, 0];
    for (let row = from; row < to; row++) {
      const risk = data.weights[row] * Math.exp(eta[row] - most);
      include(atRisk, data, row, risk);
      if (data.event[row] === 0) continue;
      include(tied, data, row, risk);
      events++;
      weight += data.weights[row];
      sums.value += data.weights[row] * (eta[row] - most);
      for (let j = 0; j < width; j++) sums.gradient[j] += data.weights[row] * data.x[row * width + j];
    }
    if (ties === 'breslow' && events > 0) subtract(sums, atRisk, tied, 0, weight);
    else for (let l = 0; l < events; l++) subtract(sums, atRisk, tied, l / events, weight / events);
  });
  return sums;
}

/** Breslow's steps of the baseline's cumulative hazard, the earliest first. */
export function baselineHazard(
  data: CoxData,
  b: Float64Array,
): { times: Float64Array; hazard: Float64Array } {
  const { eta } = linearPredictor(data, b);
  const steps: [time: number, step: number][] = [];
  let atRisk = 0;
  eachTime(positions(data.rows), data.time, (from, to) => {
    let events = 0;
    for (let row = from; row < to; row++) {
      atRisk += data.weights[row] * Math.exp(eta[row]);
      events += data.weights[row] * data.event[row];
    }
    if (events > 0) steps.push([data.time[from], events / atRisk]);
  });
  steps.reverse();
  let sum = 0;
  return {
    times: Float64Array.from(steps, ([time]) => time),
    hazard: Float64Array.from(steps, ([, step]) => (sum += step)),
  };
}

function positions(rows: number): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, row) => row);
}

function linearPredictor({ rows, width, x }: CoxData, b: Float64Array): { eta: Float64Array; most: number } {
  const eta = new Float64Array(rows);
  let most = -Infinity;
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < width; j++) eta[row] += b[j] * x[row * width + j];
    most = Math.max(most, eta[row]);
  }
  return { eta, most };
}

function moments(width: number): Moments {
  return { zeroth: 0, first: new Float64Array(width), second: new Float64Array(width * width) };
}

function clear(sums: Moments): void {
  sums.zeroth = 0;
  sums.first.fill(0);
  sums.second.fill(0);
}

function include(sums: Moments, { x, width }: CoxData, row: number, risk: number): void {
  sums.zeroth += risk;
  for (let i = 0; i < width; i++) {
    const weighted = risk * x[row * width + i];
    sums.first[i] += weighted;
    for (let j = 0; j <= i; j++) sums.second[i * width + j] += weighted * x[row * width + j];
  }
}

/** Takes off `weight` times ln, mean and variance of those at risk, without this share of the tied. */
function subtract(sums: CoxSums, atRisk: Moments, tied: Moments, share: number, weight: number): void {
  const width = sums.gradient.length;
  const whole = atRisk.zeroth - share * tied.zeroth;
  sums.value -= weight * Math.log(whole);
  for (let i = 0; i < width; i++) {
    const mean = (atRisk.first[i] - share * tied.first[i]) / whole;
    sums.gradient[i] -= weight * mean;
    for (let j = 0; j <= i; j++) {
      const at = i * width + j;
      const other = (atRisk.first[j] - share * tied.first[j]) / whole;
      const square = (atRisk.second[at] - share * tied.second[at]) / whole;
      sums.information[at] += weight * (square - mean * other);
    }
  }
}
