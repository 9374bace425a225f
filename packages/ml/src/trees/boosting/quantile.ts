/**
 * The least of the values that, with all below it, has the share `quantile` of the weight.
 *
 * @param weights one each where absent
 */
export function quantileOf(
  values: Float32Array,
  weights: Float32Array | undefined,
  quantile: number,
): number {
  if (!weights) return values.slice().sort()[Math.max(0, Math.ceil(quantile * values.length) - 1)] ?? 0;
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  const wanted = quantile * weights.reduce((sum, weight) => sum + weight, 0);
  let passed = 0;
  for (const i of order) {
    passed += weights[i];
    // what is lost to rounding must not lead to the next value
    if (passed >= wanted * (1 - 1e-9) && weights[i] > 0) return values[i];
  }
  return 0;
}
