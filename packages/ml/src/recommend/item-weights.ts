import { required } from '../errors.ts';
import type { SavedReader, Saved } from '../saved.ts';
import { checkedSparse, type SparseRows } from '../sparse.ts';
import { bestOf, listsOf } from './lists.reference.ts';
import { rankedBy, scoresBy, type Scoring } from './ranking.ts';
import {
  checkedHistories,
  type Interactions,
  type RankedLists,
  type Recommender,
  type SimilarItems,
} from './recommender.ts';

/**
 * items x items: row i holds for which other items an interaction with item i speaks, and how much. A method that lets
 * an item speak in several ways has more rows, one after another for each way.
 */
export type ItemWeights = SparseRows & { readonly values: Float32Array };

/** A recommender whose score of an item is the sum of what the items of a history say for it. */
export interface ItemRecommender extends Recommender, SimilarItems {
  readonly weights: ItemWeights;
}

export interface ItemMethod {
  kind: string;
  weights: ItemWeights;
  /** What each entry of the histories counts: item and value, in any order. */
  voices: (histories: Interactions) => SparseRows & { readonly values: Float32Array };
  save: (arrays: Saved['arrays']) => Saved;
}

/** The model of these weights. What it learned of persons is gone: it holds items only. */
export function itemRecommender({ kind, weights, voices, save }: ItemMethod): ItemRecommender {
  const items = weights.width;
  const scoringOf = (histories: Interactions): Scoring =>
    scoring(weights, voices(checkedHistories(histories, items)));
  return {
    kind,
    features: [],
    items,
    weights,
    scores: (histories, options) => scoresBy(scoringOf(histories), options?.threads),
    recommend: (histories, options) => rankedBy(scoringOf(histories), histories, options),
    similarItems: (item, k) => similar(weights, item, k),
    save: () => save({ offsets: weights.offsets, indices: weights.indices, values: weights.values }),
  };
}

function scoring(weights: ItemWeights, voices: SparseRows & { readonly values: Float32Array }): Scoring {
  const perEntry = weights.indices.length / Math.max(1, weights.rows);
  return {
    rows: voices.rows,
    items: weights.width,
    work: voices.indices.length * perEntry + voices.rows * weights.width,
    plain: (row, out) => addVoices(weights, voices, row, out),
    kernels: team => {
      const data = [voices.offsets, voices.indices, voices.values].map(array => team.copied(array));
      const matrix = [weights.offsets, weights.indices, weights.values].map(array => team.copied(array));
      return (lo, hi, out, width) => team.run('scoreSparse', hi - lo, 4, ...data, ...matrix, out, width, lo);
    },
  };
}

/** The plain twin of `scoreSparse` in kernels/lib/scoring.ts, to the last bit. */
export function addVoices(
  weights: ItemWeights,
  { offsets, indices, values }: SparseRows & { readonly values: Float32Array },
  row: number,
  out: Float32Array,
): void {
  for (let at = offsets[row]; at < offsets[row + 1]; at++) {
    const [value, item] = [values[at], indices[at]];
    for (let w = weights.offsets[item]; w < weights.offsets[item + 1]; w++)
      out[weights.indices[w]] += Math.fround(value * weights.values[w]);
  }
}

function similar(weights: ItemWeights, item: number, k: number): RankedLists {
  required(Number.isInteger(k) && k >= 1, 'k', 'a whole number from 1 up', k);
  required(
    Number.isInteger(item) && item >= 0 && item < weights.width,
    'item',
    `one of ${weights.width} items`,
    item,
  );
  const scores = new Float32Array(weights.width);
  for (let at = weights.offsets[item]; at < weights.offsets[item + 1]; at++)
    scores[weights.indices[at]] = weights.values[at];
  return listsOf([bestOf(scores, { k }, [item])]);
}

/** Weights out of lists: row i is list i. */
export function weightsOf({ rows, offsets, items, scores }: RankedLists): ItemWeights {
  return { rows, width: rows, offsets, indices: items, values: scores };
}

/** The weights that a model was saved with. @param ways rows to an item */
export function readWeights(reader: SavedReader, ways = 1): ItemWeights {
  const [offsets, indices] = [reader.typed('offsets', 'u32'), reader.typed('indices', 'u32')];
  const rows = offsets.length - 1;
  if (rows < 1 || rows % ways !== 0) throw reader.bad('offsets');
  const weights = {
    rows,
    width: rows / ways,
    offsets,
    indices,
    values: reader.typed('values', 'f32', indices.length),
  };
  checkedSparse(weights);
  return weights;
}
