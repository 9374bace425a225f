import { factored, solved } from '../numeric/symmetric.ts';
import { gram, sampleOf, type Design } from './design.ts';

/** Tiles of the sample, or as many as there are columns: rows enough to tell how columns go together. */
const SAMPLE = 128;
/** With more columns, factoring would cost more than the passes that it saves. */
const MOST_COLUMNS = 256;
/** What is added to the sample's cross products, relative to a column's own, for what it does not show. */
const DAMPING = 1e-4;

/**
 * A first guess of the inverse Hessian of a penalised loss: every row curved as the mean row is, and columns correlated
 * as in a sample of the rows. It spares most passes where columns go together. Coefficients are those of centred columns
 * of deviation 1, class after class.
 *
 * @param curvature second derivative of the mean row's loss in its score
 */
export function preconditioner(
  design: Design,
  curvature: number,
  l2: number,
): (vector: Float64Array) => Float64Array {
  const width = design.columns + 1;
  const matrix = design.columns <= MOST_COLUMNS ? correlations(design) : identity(width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) matrix[i * width + j] *= curvature;
    const penalty = i === 0 ? 0 : l2 / design.total / design.deviations[i - 1] ** 2;
    matrix[i * width + i] += curvature * DAMPING + penalty;
  }
  const factor = factored(matrix, width);
  return vector => {
    const result = new Float64Array(vector.length);
    for (let from = 0; from < vector.length; from += width)
      result.set(solved(factor, vector.subarray(from, from + width)), from);
    return result;
  };
}

/** The lower half of the cross products of (1, scaled columns), per unit of weight, over a sample of the rows. */
function correlations(design: Design): Float64Array {
  const width = design.columns + 1;
  const products = gram(sampleOf(design, Math.max(SAMPLE, design.columns)));
  const weight = products[0];
  if (weight === 0) return identity(width);
  const scale = (i: number): number => (i === 0 ? 1 : design.deviations[i - 1]);
  return products.map((v, at) => v / weight / scale(Math.floor(at / width)) / scale(at % width));
}

function identity(width: number): Float64Array {
  const matrix = new Float64Array(width * width);
  for (let i = 0; i < width; i++) matrix[i * width + i] = 1;
  return matrix;
}
