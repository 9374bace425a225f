import type { Objective } from '../numeric/lbfgs.ts';

/**
 * A change of coordinates: from coefficients of the columns as they are, to those of the columns less their means and
 * over their deviations. The optimum is the same; the way to it is short even where columns are of unlike scale.
 * Coefficients lie class after class, each with its intercept first.
 */
export interface Scaling {
  means: Float64Array;
  deviations: Float64Array;
}

/** Coefficients of the columns as they are, from those of the scaled ones. */
export function toColumns(scaled: Float64Array, { means, deviations }: Scaling): Float64Array {
  const width = means.length + 1;
  const b = scaled.slice();
  for (let from = 0; from < b.length; from += width)
    for (let j = 0; j < means.length; j++) {
      const own = scaled[from + 1 + j] / deviations[j];
      b[from + 1 + j] = own;
      b[from] = b[from] - own * means[j];
    }
  return b;
}

/** The same function of the coefficients of the scaled columns; its gradient by the chain rule. */
export function scaledObjective(objective: Objective, scaling: Scaling): Objective {
  const { means, deviations } = scaling;
  const width = means.length + 1;
  return (scaled, gradient) => {
    const value = objective(toColumns(scaled, scaling), gradient);
    for (let from = 0; from < gradient.length; from += width)
      for (let j = 0; j < means.length; j++) {
        const at = from + 1 + j;
        gradient[at] = (gradient[at] - means[j] * gradient[from]) / deviations[j];
      }
    return value;
  };
}
