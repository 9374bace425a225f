import { required } from '../errors.ts';

/** What all methods that descend a penalised loss have in common. */
export interface DescentParameters {
  /**
   * Strength of the penalty l2/2 |b|^2 beside the summed loss; the intercept is free of it. Rows count by their weights,
   * so that scikit-learn's C is 1/l2, and its alpha l2 over the sum of the weights.
   */
  l2?: number;
  /** Strength of the penalty l1 sum |b_j|, which takes columns out altogether. */
  l1?: number;
  maxIterations?: number;
  /** Stop when no component of the gradient, per unit of weight, is larger; columns count by their standard deviation. */
  tolerance?: number;
}

const DEFAULTS = { l2: 1, l1: 0, maxIterations: 200, tolerance: 1e-6 } as const;

/** The parameters with what is meant where one is absent. @throws MlError `ml.bad_parameter` */
export function descentParameters(
  given: DescentParameters,
  defaults: Readonly<Required<DescentParameters>> = DEFAULTS,
): Readonly<Required<DescentParameters>> {
  const l2 = given.l2 ?? defaults.l2;
  const l1 = given.l1 ?? defaults.l1;
  const maxIterations = given.maxIterations ?? defaults.maxIterations;
  const tolerance = given.tolerance ?? defaults.tolerance;
  required(l2 >= 0 && Number.isFinite(l2), 'l2', 'a number from 0 up', l2);
  required(l1 >= 0 && Number.isFinite(l1), 'l1', 'a number from 0 up', l1);
  const whole = Number.isInteger(maxIterations) && maxIterations > 0;
  required(whole, 'maxIterations', 'a whole number from 1 up', maxIterations);
  required(tolerance > 0, 'tolerance', 'above 0', tolerance);
  return Object.freeze({ l2, l1, maxIterations, tolerance });
}
