/** Draws from one stream of random numbers. */
export interface Draws {
  /** Uniform on [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  chance(probability: number): boolean;
  /** A whole number from 0 to n - 1. */
  below(n: number): number;
  /** One of the items, which must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** An index drawn in proportion to its weight. */
  weighted(weights: readonly number[]): number;
  poisson(mean: number): number;
  /** Gamma with this shape and mean (Marsaglia and Tsang 2000). */
  gamma(shape: number, mean: number): number;
}

/**
 * The stream that belongs to these numbers, the same at every call: what a customer does on a day depends on the seed,
 * the customer, the day and the purpose alone. So a market can be played twice with the same chance and one cause
 * changed, which is how the true effect of a message is known.
 */
export function drawsFor(...key: readonly number[]): Draws {
  let state = key.reduce(mix, 0x9e3779b9);
  const uniform = (): number => {
    // mulberry32 (T. Ettinger): 32 bits of state are enough for the few draws of one day
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return drawsOf(uniform);
}

function mix(state: number, part: number): number {
  let h = Math.imul(state ^ (part | 0), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function drawsOf(uniform: () => number): Draws {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const below = (n: number): number => Math.floor(uniform() * n);
  return {
    uniform,
    normal,
    chance: probability => uniform() < probability,
    below,
    pick: items => items[below(items.length)],
    weighted: weights => weightedIndex(weights, uniform()),
    poisson: mean => poisson(mean, uniform),
    gamma: (shape, mean) => (gammaOf(shape, normal, uniform) * mean) / shape,
  };
}

function weightedIndex(weights: readonly number[], u: number): number {
  let left = u * weights.reduce((sum, weight) => sum + weight, 0);
  const found = weights.findIndex(weight => (left -= weight) < 0);
  return found < 0 ? weights.length - 1 : found;
}

function poisson(mean: number, uniform: () => number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = uniform(); product > limit; product *= uniform()) count++;
  return count;
}

function gammaOf(shape: number, normal: () => number, uniform: () => number): number {
  if (shape < 1) return gammaOf(shape + 1, normal, uniform) * uniform() ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
