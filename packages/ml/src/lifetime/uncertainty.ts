import { required } from '../errors.ts';
import { logit, sigmoid } from '../numeric/logistic.ts';
import { normalQuantile } from '../numeric/special-normal.ts';
import { quadraticForm } from '../numeric/symmetric.ts';

/** Numbers told of rows, each with an interval. */
export interface Uncertain {
  value: Float64Array;
  low: Float64Array;
  high: Float64Array;
}

export interface UncertaintyOptions {
  /** Share of like samples whose interval holds the truth. */
  level?: number;
  /** On which the error is taken for normal: `log` for amounts, `logit` for probabilities. */
  scale?: 'log' | 'logit';
}

/** Estimates of positive parameters. */
export interface Estimates {
  theta: Float64Array;
  /** Of their logs. */
  covariance: Float64Array;
}

const STEP = 1e-4;

/**
 * Intervals of what follows from estimated parameters, by the delta method: the slope of each number in the logs of the
 * parameters, by central differences, carries their covariance over. They hold what the sample leaves open about the
 * population; not what one customer will do.
 */
export function uncertain(
  { theta, covariance }: Estimates,
  quantity: (theta: Float64Array) => Float64Array,
  { level = 0.95, scale = 'log' }: UncertaintyOptions = {},
): Uncertain {
  const z = deviationsThatHold(level);
  const [to, back] = scale === 'log' ? [Math.log, Math.exp] : [logit, sigmoid];
  const at = (j: number, step: number): Float64Array => quantity(theta.with(j, theta[j] * Math.exp(step)));
  const slopes = Array.from(theta, (_, j) => [at(j, STEP), at(j, -STEP)] as const);
  const value = quantity(theta);
  const slope = new Float64Array(theta.length);
  const spread = value.map((_, row) => {
    slopes.forEach(([after, before], j) => (slope[j] = (to(after[row]) - to(before[row])) / (2 * STEP)));
    return z * Math.sqrt(Math.max(0, quadraticForm(covariance, slope)));
  });
  // where nothing depends on the parameters, as no purchase in no time, there is nothing open
  const moved = (sign: number) =>
    value.map((own, row) => (spread[row] > 0 ? back(to(own) + sign * spread[row]) : own));
  return { value, low: moved(-1), high: moved(1) };
}

/** Deviations of the normal distribution, to either side, that hold a share of it. */
export function deviationsThatHold(level: number): number {
  required(level > 0 && level < 1, 'level', 'between 0 and 1', level);
  return normalQuantile((1 + level) / 2);
}

export interface ParameterEstimate {
  name: string;
  value: number;
  standardError: number;
  /** 95 % interval. */
  low: number;
  high: number;
}

/** Each parameter with its error: normal in the log, as it is positive. */
export function parameterEstimates(
  names: readonly string[],
  { theta, covariance }: Estimates,
): ParameterEstimate[] {
  const z = deviationsThatHold(0.95);
  return names.map((name, j) => {
    const deviation = Math.sqrt(covariance[j * names.length + j]);
    const [value, factor] = [theta[j], Math.exp(z * deviation)];
    return { name, value, standardError: value * deviation, low: value / factor, high: value * factor };
  });
}
