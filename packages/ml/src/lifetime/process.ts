import type { Customers } from './customers.ts';

/**
 * Summed log-likelihood of a population's parameters, and its gradient in them.
 *
 * @param theta as the process names them, all above 0
 */
export type LogLikelihood = (theta: Float64Array, gradient: Float64Array) => number;

/** How customers of a population buy and are lost: all that one counting model has of its own. */
export interface PurchaseProcess {
  readonly kind: string;
  /** Names of the parameters, in their order in `theta`. */
  readonly names: readonly string[];
  /** Where the search starts: what moments suggest. */
  start(customers: Customers): Float64Array;
  logLikelihood(customers: Customers): LogLikelihood;
  /** Probability that a customer is not lost yet. */
  alive(theta: Float64Array, frequency: number, recency: number, age: number): number;
  /** Purchases to come within `t` of a customer of this history who is not lost. */
  expectedAlive(theta: Float64Array, frequency: number, age: number, t: number): number;
  /**
   * Calls back with n and P(N > n) for n = 0, 1, 2 … until what is left is negligible, where N counts the purchases within
   * `t` of a customer of this history who is not lost.
   */
  eachCountAlive(
    theta: Float64Array,
    frequency: number,
    age: number,
    t: number,
    visit: (n: number, above: number) => void,
  ): void;
  /** Repeat purchases of a new customer within `t`. */
  expectedNew(theta: Float64Array, t: number): number;
  /** Probability of `n` repeat purchases of a new customer within `t`. */
  probability(theta: Float64Array, n: number, t: number): number;
}

/** Shape and rate of the purchase rates among customers: a plain shape, and the rate that gives the mean seen. */
export function startingRates({ frequency, age, weights }: Customers): [shape: number, rate: number] {
  let [purchases, time] = [0, 0];
  for (let row = 0; row < age.length; row++) {
    const weight = weights?.[row] ?? 1;
    purchases += weight * frequency[row];
    time += weight * age[row];
  }
  return [0.5, (0.5 * (time + 1e-6)) / (purchases + 0.5)];
}
