import type { Objective } from '../numeric/lbfgs.ts';
import { grainOf, summed, type Design } from './design.ts';

/** What a row costs, as a function of its score z (of its scores, one for each class, of softmax). */
export type Loss = 'logistic' | 'poisson' | 'gamma' | 'softmax';

/** Double; or single for products and double for sums, in half of the time. */
export type Precision = 'double' | 'single';

/** As the kernels count them. */
const CODES = { logistic: 0, poisson: 1, gamma: 2 } as const;
const SOFTMAX_KERNELS = { double: 'softmaxPass', single: 'softmaxPassSingle' } as const;
const KERNELS = { double: 'pass', single: 'passSingle' } as const;

/**
 * The penalised loss per unit of weight, by kernels: (1/W) [ sum w_i loss(z_i, y_i) + l2/2 |b|^2 ]. Coefficients lie
 * class after class, each with its intercept first, which bears no penalty.
 *
 * @param classes 1 but for softmax
 */
export function penalisedLoss(
  design: Design,
  loss: Loss,
  classes: number,
  l2: number,
  precision: Precision,
): Objective {
  const pass = passOf(design, loss, classes, precision);
  const width = design.columns + 1;
  return (b, gradient) => {
    const sums = pass(b);
    let squares = 0;
    for (let at = 0; at < b.length; at++) {
      const penalised = at % width === 0 ? 0 : b[at];
      squares += penalised * penalised;
      gradient[at] = (sums[at + 1] + l2 * penalised) / design.total;
    }
    return (sums[0] + (l2 / 2) * squares) / design.total;
  };
}

/** One pass over all rows: the summed loss, then its gradient. */
function passOf(
  { team, columns, tiles, count, target, weights }: Design,
  loss: Loss,
  classes: number,
  precision: Precision,
): (b: Float64Array) => Float64Array {
  const length = classes * (columns + 1);
  const grain = grainOf(columns, classes);
  // scores, residuals and partial sums of every class, as the kernels lay them out
  team.scratch(classes * (256 + 16 * columns) + 1024);
  const coefficients = precision === 'double' ? team.f64(length) : team.f32(length);
  const parts = team.f64(Math.ceil(count / grain) * (length + 1));
  const kernel = (loss === 'softmax' ? SOFTMAX_KERNELS : KERNELS)[precision];
  const last = loss === 'softmax' ? classes : CODES[loss];
  return b => {
    coefficients.set(b);
    team.run(kernel, count, grain, tiles, columns, target, weights, coefficients, last, parts);
    return summed(parts, length + 1);
  };
}
