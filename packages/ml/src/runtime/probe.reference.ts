/** e^x as the vector kernel means it: clamped to where 32-bit floats hold it. */
export function exponential(x: number): number {
  return Math.exp(Math.min(87, Math.max(-87, x)));
}

export function logisticFunction(x: number): number {
  return 1 / (1 + exponential(-x));
}
