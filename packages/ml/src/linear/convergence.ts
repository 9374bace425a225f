import type { Convergence } from '../estimator.ts';
import type { SavedReader } from '../saved.ts';

/** How the fit of a saved model ended. */
export function convergenceOf(reader: SavedReader): Convergence {
  return {
    iterations: reader.number('iterations'),
    converged: reader.flag('converged'),
    gradient: reader.number('gradient'),
    objective: reader.number('objective'),
  };
}
