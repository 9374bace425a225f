import { MlError } from '../errors.ts';
import type { Team } from '../runtime/team.ts';
import type { Mixture } from './mixture.reference.ts';
import type { Rows } from './seeding.ts';

export interface MixtureShape {
  rows: number;
  columns: number;
  /** f32 values from one row to the next. */
  stride: number;
  components: number;
  /** Whether columns vary together within a component. */
  isFull: boolean;
}

/** A mixture where the kernel reads it: see kernels/lib/mixture.ts. */
export interface PlacedMixture {
  constants: Float64Array;
  means: Float64Array;
  factors: Float64Array;
}

/** What one pass over the rows found. */
export interface Passed {
  /** Sum of the logarithms of the densities, weighted. */
  likelihood: number;
  mixture: Mixture;
}

const LOG_TWO_PI = Math.log(2 * Math.PI);

/** Columns as the kernel counts them: an even number. */
export function widthOf({ columns }: Pick<MixtureShape, 'columns'>): number {
  return (columns + 1) & ~1;
}

export function placedIn(team: Team, shape: MixtureShape): PlacedMixture {
  const width = widthOf(shape);
  const { components, isFull } = shape;
  return {
    constants: team.f64(components + 1),
    means: team.f64(components * width),
    factors: team.f64(components * width * (isFull ? width : 1)),
  };
}

/** @throws MlError `ml.bad_value` when a covariance is not positive definite */
export function placeMixture(placed: PlacedMixture, mixture: Mixture, shape: MixtureShape): void {
  const width = widthOf(shape);
  const { components, columns, isFull } = shape;
  for (let c = 0; c < components; c++) {
    placed.means.set(mixture.means.subarray(c * columns, (c + 1) * columns), c * width);
    const size = columns * (isFull ? columns : 1);
    const covariance = mixture.covariances.subarray(c * size, (c + 1) * size);
    const factor = isFull ? inverseFactor(covariance, columns) : covariance.map(v => 1 / Math.sqrt(v));
    let height = Math.log(mixture.shares[c]) - (columns / 2) * LOG_TWO_PI;
    for (let j = 0; j < columns; j++) {
      height += Math.log(factor[isFull ? j * columns + j : j]);
      const line = isFull ? factor.subarray(j * columns, (j + 1) * columns) : factor.subarray(j, j + 1);
      placed.factors.set(line, isFull ? (c * width + j) * width : c * width + j);
    }
    placed.constants[c] = height;
  }
}

/** The inverse of the Cholesky factor of a covariance: lower, n x n by row. */
export function inverseFactor(covariance: Float64Array, n: number): Float64Array {
  const lower = new Float64Array(n * n);
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = covariance[i * n + j];
      for (let k = 0; k < j; k++) sum -= lower[i * n + k] * lower[j * n + k];
      if (i === j && !(sum > 0))
        throw new MlError(
          'ml.bad_value',
          `a covariance is not positive definite at column ${i}; raise regularisation`,
        );
      lower[i * n + j] = i === j ? Math.sqrt(sum) : sum / lower[j * n + j];
    }
    inverse[i * n + i] = 1 / lower[i * n + i];
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= lower[i * n + k] * inverse[k * n + j];
      inverse[i * n + j] = sum / lower[i * n + i];
    }
  }
  return inverse;
}

/** Rows to a block: few enough blocks that their sums fit into 32 MB. */
function grainOf(shape: MixtureShape): number {
  const size = momentsOf(shape) * shape.components * 8;
  const most = Math.max(4, Math.min(256, Math.floor(2 ** 25 / size)));
  return Math.max(256, Math.ceil(shape.rows / most));
}

/** f64 values that a component's sums take. */
function momentsOf(shape: MixtureShape): number {
  const width = widthOf(shape);
  return 2 + width + width * (shape.isFull ? width : 1);
}

/** Scratch of a thread. */
export function scratchOf(shape: MixtureShape): number {
  return 8 * (shape.components * (widthOf(shape) + 1) + 4);
}

/**
 * One round of expectation maximisation (Dempster, Laird and Rubin 1977).
 *
 * @param regularisation added to every variance, so that no component shrinks to a point
 */
export function improveMixture(
  team: Team,
  { values, weights }: Rows,
  placed: PlacedMixture,
  before: Mixture,
  shape: MixtureShape,
  regularisation: number,
): Passed {
  return team.scoped(() => {
    const [width, grain, size] = [widthOf(shape), grainOf(shape), momentsOf(shape) * shape.components];
    const blocks = Math.ceil(shape.rows / grain);
    const [sums, likelihoods] = [team.f64(blocks * size), team.f64(blocks)];
    const given = [values, shape.stride, width, weights, shape.components, Number(shape.isFull)] as const;
    const { constants, means, factors } = placed;
    team.run('mixtureStep', shape.rows, grain, ...given, constants, means, factors, sums, 0, likelihoods);
    const total = new Float64Array(size);
    for (let at = 0; at < sums.length; at++) total[at % size] += sums[at];
    const likelihood = likelihoods.reduce((sum, part) => sum + part, 0);
    return { likelihood, mixture: mixtureOf(total, before, shape, regularisation) };
  });
}

/** Shares, means and covariances of sums about the means before. */
function mixtureOf(
  sums: Float64Array,
  before: Mixture,
  shape: MixtureShape,
  regularisation: number,
): Mixture {
  const { components, columns, isFull } = shape;
  const [width, size] = [widthOf(shape), momentsOf(shape)];
  const shares = Float64Array.from({ length: components }, (_, c) => sums[c * size]);
  const total = shares.reduce((sum, share) => sum + share, 0);
  const means = before.means.slice();
  const covariances = before.covariances.slice();
  for (let c = 0; c < components; c++) {
    // a component that no row belongs to stays as it was
    const weight = shares[c];
    if (!(weight > 1e-10 * total)) continue;
    const moved = Float64Array.from({ length: columns }, (_, j) => sums[c * size + 2 + j] / weight);
    moved.forEach((by, j) => (means[c * columns + j] += by));
    const squares = sums.subarray(c * size + 2 + width, (c + 1) * size);
    for (let r = 0; r < columns; r++)
      for (let j = isFull ? 0 : r; j <= r; j++) {
        const square = squares[isFull ? r * width + j : r] / weight - moved[r] * moved[j];
        const value = square + (r === j ? regularisation : 0);
        if (isFull) covariances[(c * columns + j) * columns + r] = value;
        covariances[isFull ? (c * columns + r) * columns + j : c * columns + r] = value;
      }
  }
  return { shares: shares.map(share => Math.max(share, 1e-10 * total) / total), means, covariances };
}

/** The probability of each component for each row (rows x components), and the logarithm of the rows' density. */
export function judgeMixture(
  team: Team,
  { values, weights }: Rows,
  { constants, means, factors }: PlacedMixture,
  shape: MixtureShape,
): { shares: Float64Array; likelihood: number } {
  const grain = 1024;
  const likelihoods = team.f64(Math.ceil(shape.rows / grain));
  const shares = team.f64(shape.rows * shape.components);
  const given = [
    values,
    shape.stride,
    widthOf(shape),
    weights,
    shape.components,
    Number(shape.isFull),
  ] as const;
  team.run('mixtureStep', shape.rows, grain, ...given, constants, means, factors, 0, shares, likelihoods);
  return { shares: shares.slice(), likelihood: likelihoods.reduce((sum, part) => sum + part, 0) };
}
