import type { Rng } from '../random/rng.ts';
import { drawn, placeOf, valueAt, type Dimension, type Point, type Space, type Value } from './space.ts';

/** A point that was tried, and how good it was: more is better. */
export interface Tried {
  point: Point;
  goodness: number;
}

/** Tries at random before there is anything to learn from. */
const FIRST_TRIES = 10;
/** The share of the tries that count as good. */
const GOOD_SHARE = 0.25;
const CANDIDATES = 24;

/**
 * Where to try next: the tree-structured Parzen estimator (Bergstra and others 2011). Of the tries so far, the best
 * quarter and the rest each give a density for every parameter; of some points drawn from the good density, the one
 * where the ratio of the two is largest. The prior is in each as one observation more, so that nothing is ever ruled out.
 */
export function proposed(space: Space, tried: readonly Tried[], rng: Rng): Point {
  if (tried.length < FIRST_TRIES) return drawn(space, rng);
  const ranked = tried.toSorted((a, b) => b.goodness - a.goodness);
  const count = Math.ceil(GOOD_SHARE * ranked.length);
  const [good, rest] = [ranked.slice(0, count), ranked.slice(count)].map(part =>
    part.map(({ point }) => point),
  );
  return Object.fromEntries(
    Object.entries(space).map(([name, dimension]) => [
      name,
      bestOf(
        dimension,
        good.map(point => point[name]),
        rest.map(point => point[name]),
        rng,
      ),
    ]),
  );
}

function bestOf(dimension: Dimension, good: readonly Value[], rest: readonly Value[], rng: Rng): Value {
  return dimension.kind === 'choice'
    ? bestChoice(dimension.values, good, rest, rng)
    : bestNumber(dimension, good.map(Number), rest.map(Number), rng);
}

function bestChoice(
  values: readonly Value[],
  good: readonly Value[],
  rest: readonly Value[],
  rng: Rng,
): Value {
  const shares = (seen: readonly Value[]): number[] =>
    values.map(value => (1 + seen.filter(each => each === value).length) / (values.length + seen.length));
  const [likely, other] = [shares(good), shares(rest)];
  const candidates = Array.from({ length: CANDIDATES }, () => drawFrom(likely, rng));
  return values[
    candidates.reduce((best, next) => (likely[next] / other[next] > likely[best] / other[best] ? next : best))
  ];
}

function drawFrom(shares: readonly number[], rng: Rng): number {
  let left = rng.uniform();
  return Math.max(
    0,
    shares.findIndex(share => (left -= share) < 0),
  );
}

function bestNumber(
  dimension: Exclude<Dimension, { kind: 'choice' }>,
  good: readonly number[],
  rest: readonly number[],
  rng: Rng,
): Value {
  const [likely, other] = [good, rest].map(seen => parzen(seen.map(value => placeOf(dimension, value))));
  let [best, most] = [0.5, -Infinity];
  for (let i = 0; i < CANDIDATES; i++) {
    const place = likely.draw(rng);
    const ratio = Math.log(likely.density(place)) - Math.log(other.density(place));
    if (ratio > most) [best, most] = [place, ratio];
  }
  return valueAt(dimension, best);
}

/** A mixture of normal bumps on what was seen, and of the uniform prior as one bump more, between 0 and 1. */
function parzen(places: readonly number[]): {
  draw: (rng: Rng) => number;
  density: (place: number) => number;
} {
  const sorted = places.toSorted((a, b) => a - b);
  // as wide as the gap to the farther neighbour, within bounds that shrink with what is known
  const least = 1 / Math.min(100, 1 + sorted.length);
  const widths = sorted.map((place, i) =>
    Math.min(1, Math.max(least, place - (sorted[i - 1] ?? 0), (sorted[i + 1] ?? 1) - place)),
  );
  const parts = sorted.length + 1;
  return {
    draw: rng => {
      const at = rng.integer(parts);
      if (at === sorted.length) return rng.uniform();
      return Math.min(1, Math.max(0, sorted[at] + widths[at] * rng.normal()));
    },
    density: place =>
      sorted.reduce((sum, centre, i) => sum + normalDensity((place - centre) / widths[i]) / widths[i], 1) /
      parts,
  };
}

function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}
