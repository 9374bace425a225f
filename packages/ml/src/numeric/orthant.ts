// The orthant-wise method for f(x) + sum l1_i |x_i| (Andrew and Gao 2007): a step stays where no component changes its
// sign, for there the penalty is linear; what would cross zero stops at it.

/** The slope of steepest descent of the whole: at zero, of the side on which the function falls, or none. */
export function kinkedSlope(x: Float64Array, gradient: Float64Array, l1: Float64Array): Float64Array {
  return gradient.map((g, i) => {
    if (x[i] !== 0) return g + Math.sign(x[i]) * l1[i];
    return Math.sign(g) * Math.max(0, Math.abs(g) - l1[i]);
  });
}

/** The sign that each component may have: its own; at zero, that of descent. */
export function signsOf(x: Float64Array, slope: Float64Array): Float64Array {
  return x.map((value, i) => Math.sign(value === 0 ? -slope[i] : value));
}

/** Takes out of a direction what does not descend. */
export function intoOrthant(direction: Float64Array, slope: Float64Array): void {
  for (let i = 0; i < direction.length; i++) if (direction[i] * slope[i] >= 0) direction[i] = 0;
}

/** Puts components that changed their sign back to zero; those that bear no penalty may have any. */
export function project(x: Float64Array, signs: Float64Array, l1: Float64Array): void {
  for (let i = 0; i < x.length; i++) if (l1[i] > 0 && x[i] * signs[i] <= 0) x[i] = 0;
}
