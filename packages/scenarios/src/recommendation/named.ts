import type { ItemIndex } from '@bellwether/ml';
import type { Weights } from './learned.ts';
import type { History } from './past.ts';
import { topOf, type Ranked } from './top.ts';

/** A list that one source names. */
export interface Named {
  /** Place in `RECOMMENDATION_SOURCES`. */
  source: number;
  list: Ranked;
  /** The score of any product by this source. */
  scoreOf: (item: number) => number;
}

export type Allows = (item: number) => boolean;

/** Deeds that neighbours and followers are asked of: the last ones, the very last first. */
const VOICES = 40;

/** Places in a history, the last deed first. */
export function lastDeeds({ items, days }: History): Uint32Array {
  return Uint32Array.from(items, (_, at) => at)
    .sort((a, b) => days[a] - days[b] || items[a] - items[b])
    .subarray(0, VOICES);
}

/** Sums what the products of a history say for others; the memory is used again for the next. */
export class Voices {
  readonly #sums: Float32Array;
  readonly #touched: number[] = [];

  constructor(items: number) {
    this.#sums = new Float32Array(items);
  }

  clear(): void {
    for (const item of this.#touched) this.#sums[item] = 0;
    this.#touched.length = 0;
  }

  add({ offsets, indices, values }: Weights, row: number, voice: number): void {
    for (let at = offsets[row]; at < offsets[row + 1]; at++) {
      const item = indices[at];
      if (this.#sums[item] === 0) this.#touched.push(item);
      this.#sums[item] += voice * values[at];
    }
  }

  /** The best k; scores are shares of the best one's. */
  named(source: number, k: number, allows: Allows): Named {
    const sums = this.#sums;
    const touched = [...new Set(this.#touched)];
    const list = topOf(
      touched,
      touched.length,
      item => (sums[item] > 0 && allows(item) ? sums[item] : NaN),
      k,
    );
    const most = list.scores.length > 0 ? list.scores[0] : 1;
    return { source, list, scoreOf: item => sums[item] / most };
  }
}

/**
 * The best of an index that may be shown.
 *
 * @param spare how many of them may turn out not to be allowed
 */
export function searched(
  index: ItemIndex,
  query: Float32Array,
  wanted: number,
  spare: number,
  allowed: Uint8Array | undefined,
  allows: Allows,
): Ranked {
  const { items, scores } = index.search(query, { k: Math.min(index.size, wanted + spare), allowed });
  const kept = Uint32Array.from(items, (_, at) => at)
    .filter(at => allows(items[at]))
    .subarray(0, wanted);
  return { items: kept.map(at => items[at]), scores: Float32Array.from(kept, at => scores[at]) };
}

export function dot(query: Float32Array, vectors: Float32Array, item: number): number {
  const n = query.length;
  let sum = 0;
  for (let j = 0; j < n; j++) sum += query[j] * vectors[item * n + j];
  return sum;
}

export function isZero(vectors: Float32Array, item: number, length: number): boolean {
  for (let j = item * length; j < (item + 1) * length; j++) if (vectors[j] !== 0) return false;
  return true;
}
