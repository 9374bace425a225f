import {
  RECOMMENDATION_SOURCES,
  type Milliseconds,
  type RecommendationSettings,
  type RecommendationSource,
} from '@bellwether/contracts';
import type { Ranking, Shelf } from './shelf.ts';

/** One product of an answer. */
export interface Arranged {
  item: number;
  score: number;
  source: RecommendationSource;
}

export interface ArrangeOptions {
  k: number;
  settings: RecommendationSettings;
  surface: string;
  now: Milliseconds;
  /** Whether a product may stand in this answer at all. */
  allows: (item: number) => boolean;
  /** The number of a product; nothing where it is not known. */
  numberOf: (productId: string) => number | undefined;
}

/**
 * Makes an answer of a ranking: dials move products, then pins take their places. A product stands in it once.
 *
 * Diversity is maximal marginal relevance (Carbonell and Goldstein 1998): each place goes to the product with the most of
 * (1 - diversity) x relevance - diversity x likeness to those above it.
 */
export function arranged(shelf: Shelf, ranking: Ranking, options: ArrangeOptions): Arranged[] {
  const pins = pinsOf(options);
  const pinned = new Set(pins.map(({ item }) => item));
  const relevance = dialled(shelf, ranking, options.settings);
  const free = [...ranking.items.keys()].filter(at => !pinned.has(ranking.items[at]));
  const places = diverse(shelf, ranking.items, relevance, free, options);
  const rest = places.map(at => ({
    item: ranking.items[at],
    score: relevance[at],
    source: RECOMMENDATION_SOURCES[ranking.sources[at]],
  }));
  return withPins(rest, pins, options.k);
}

/** Relevance from 0 to 1 within the answer, moved by novelty and margin. */
function dialled(
  { catalogue, popular }: Shelf,
  { items, scores }: Ranking,
  { dials }: RecommendationSettings,
): Float64Array {
  const [least, most] = [scores[scores.length - 1] ?? 0, scores[0] ?? 0];
  const span = Math.max(1e-9, most - least);
  const bestSold = Math.log1p(Math.max(1, catalogue[popular[0]]?.sold ?? 1));
  const margins = Float64Array.from(items, item => marginOf(catalogue[item]));
  const average = meanOfKnown(margins);
  return Float64Array.from(items, (item, at) => {
    const known = Math.log1p(catalogue[item].sold) / bestSold;
    const margin = Number.isNaN(margins[at]) ? average : margins[at];
    return (scores[at] - least) / span - dials.novelty * known + dials.margin * margin;
  });
}

/** Share of the price that is left; NaN where price or cost is not known. */
function marginOf({ price, cost }: { price: number | null; cost: number | null }): number {
  return price !== null && cost !== null && price > 0 ? Math.max(0, 1 - cost / price) : NaN;
}

function meanOfKnown(values: Float64Array): number {
  const known = values.filter(value => !Number.isNaN(value));
  return known.length === 0 ? 0 : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Places in the ranking, by maximal marginal relevance. */
function diverse(
  shelf: Shelf,
  items: Uint32Array,
  relevance: Float64Array,
  free: number[],
  { k, settings: { dials } }: ArrangeOptions,
): number[] {
  const left = free.sort((a, b) => relevance[b] - relevance[a] || a - b);
  if (dials.diversity === 0 || left.length === 0) return left.slice(0, k);
  const alike = new Float64Array(items.length);
  const chosen: number[] = [];
  while (chosen.length < k && left.length > 0) {
    let best = 0;
    let bestValue = -Infinity;
    left.forEach((at, place) => {
      const value = (1 - dials.diversity) * relevance[at] - dials.diversity * alike[at];
      if (value > bestValue) [best, bestValue] = [place, value];
    });
    const [at] = left.splice(best, 1);
    chosen.push(at);
    for (const other of left) alike[other] = Math.max(alike[other], likeness(shelf, items[at], items[other]));
  }
  return chosen;
}

/** From 0 to 1: the cosine of contents; whether the category is the same where there are none. */
function likeness({ contents, catalogue }: Shelf, a: number, b: number): number {
  const { category } = catalogue[a];
  const same = category !== '' && category === catalogue[b].category ? 1 : 0;
  if (contents === undefined) return same;
  const { vectors, components } = contents;
  let cosine = 0;
  for (let j = 0; j < components; j++) cosine += vectors[a * components + j] * vectors[b * components + j];
  return Math.max(0, cosine);
}

interface Pin {
  item: number;
  /** From 0; the first that is free where absent. */
  place: number | undefined;
}

function pinsOf({ settings, surface, now, allows, numberOf, k }: ArrangeOptions): Pin[] {
  const pins = new Map<number, Pin>();
  for (const { product_id, position, surface: only, until } of settings.pins) {
    const item = numberOf(product_id);
    const holds =
      (only === undefined || only === surface) && (until === undefined || Date.parse(until) > now);
    const inside = position === undefined || position <= k;
    if (item === undefined || pins.has(item) || !holds || !inside || !allows(item)) continue;
    pins.set(item, { item, place: position === undefined ? undefined : position - 1 });
  }
  return [...pins.values()];
}

/** A pin has its place, or the next free one below it; at the end of a short list they close up. */
function withPins(rest: readonly Arranged[], pins: readonly Pin[], k: number): Arranged[] {
  const slots = new Array<Arranged | undefined>(k).fill(undefined);
  const placed = [...pins].sort((a, b) => (a.place ?? Infinity) - (b.place ?? Infinity));
  for (const { item, place = 0 } of placed) {
    const free = slots.findIndex((slot, at) => at >= place && slot === undefined);
    if (free >= 0) slots[free] = { item, score: 1, source: 'pinned' };
  }
  let next = 0;
  for (let at = 0; at < k && next < rest.length; at++) slots[at] ??= rest[next++];
  return slots.filter(slot => slot !== undefined);
}
