import { required } from '../errors.ts';
import { Rng } from '../random/rng.ts';
import { Team, withTeam } from '../runtime/team.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { cellsOf, centresOf, type Cells } from './cells.ts';
import {
  checkedQueries,
  checkedVectors,
  ordered,
  padded,
  placed,
  searchArguments,
  searchPlaced,
  type IndexSearch,
  type ItemIndex,
} from './exact.ts';
import { packed } from './ranking.ts';
import type { RankedLists } from './recommender.ts';

export interface ApproximateOptions {
  /** Cells that the vectors are divided into; about 4 times the square root of their number where absent. */
  cells?: number;
  /** Share of the true 20 best that is to be found, on average over the sample of queries. */
  recall?: number;
  /** Queries like those to come (users' vectors), to choose the number of cells to look into. Items where absent. */
  sample?: Float32Array;
  rng?: Rng;
  threads?: number | undefined;
}

/** An index that looks into some cells only: most of the best, in a small part of the time. */
export interface ApproximateIndex extends ItemIndex {
  /** Cells that a search looks into. */
  readonly probes: number;
  /** Share of the true 20 best found on the sample. */
  readonly recall: number;
  /** An index with more items, numbered on from `size`; it costs one copy, so add many at a time. Cells stay. */
  add(vectors: Float32Array): ApproximateIndex;
  save(): Saved;
}

interface Built extends Cells {
  factors: number;
  probes: number;
  recall: number;
}

const KIND = 'approximateIndex';
const VERSION = 1;
const SAMPLED = 200;
const BEST = 20;

/**
 * An inverted file of cells (Jégou, Douze and Schmid 2011, without their codes) for the largest inner products: items
 * get one more coordinate that makes all of them equally long, so that the largest product is the nearest neighbour
 * (Bachrach et al. 2014), and are divided into cells by k-means. A search looks into the cells whose centres are nearest
 * to the query; how many, is chosen on a sample of queries for the recall that is asked.
 *
 * @param vectors items x factors, by row
 * @example
 * const index = approximateIndex(model.itemFactors, model.factors, { recall: 0.95, sample: model.userFactors });
 * index.search(queries, { k: 20 });
 */
export function approximateIndex(
  vectors: Float32Array,
  factors: number,
  options: ApproximateOptions = {},
): ApproximateIndex {
  const strided = checkedVectors(vectors, factors);
  const rank = padded(factors);
  const count = strided.length / rank;
  const { cells = Math.ceil(4 * Math.sqrt(count)), recall = 0.95, rng = new Rng(0), threads } = options;
  required(count > 0, 'vectors', 'one or more', count);
  required(Number.isInteger(cells) && cells >= 1, 'cells', 'a whole number from 1 up', cells);
  required(recall > 0 && recall <= 1, 'recall', 'above 0, up to 1', recall);
  const centres = centresOf(strided, rank, Math.min(cells, count), rng, threads);
  const built = cellsOf(strided, rank, centres, threads);
  const sample = sampleOf(options.sample ? checkedVectors(options.sample, factors) : strided, rank, rng);
  const chosen = probesFor(built, strided, rank, sample, recall);
  return indexOf({ ...built, factors, ...chosen });
}

function sampleOf(queries: Float32Array, rank: number, rng: Rng): Float32Array {
  const count = queries.length / rank;
  const out = new Float32Array(Math.min(SAMPLED, count) * rank);
  const order = rng.permutation(count);
  for (let i = 0; i < out.length / rank; i++)
    out.set(queries.subarray(order[i] * rank, (order[i] + 1) * rank), i * rank);
  return out;
}

/** The fewest cells, up by a fifth each time, in which the recall is reached on the sample. */
function probesFor(
  cells: Cells,
  vectors: Float32Array,
  rank: number,
  sample: Float32Array,
  wanted: number,
): { probes: number; recall: number } {
  const truth = withTeam('topk', {}, team =>
    searchPlaced(team, placed(team, ordered(vectors, rank)), sample, { k: BEST }),
  );
  return withTeam('topk', {}, team => {
    const inPlace = placedCells(team, cells);
    const count = cells.offsets.length - 1;
    for (let probes = 1; ; probes = Math.min(count, Math.ceil(probes * 1.2))) {
      const recall = recallOf(searchCells(team, inPlace, probes, sample, { k: BEST }), truth);
      if (recall >= wanted || probes === count) return { probes, recall };
    }
  });
}

function recallOf(found: RankedLists, truth: RankedLists): number {
  let hits = 0;
  for (let row = 0; row < truth.rows; row++) {
    const own = new Set(found.items.subarray(found.offsets[row], found.offsets[row + 1]));
    for (let at = truth.offsets[row]; at < truth.offsets[row + 1]; at++) if (own.has(truth.items[at])) hits++;
  }
  return truth.items.length === 0 ? 1 : hits / truth.items.length;
}

function placedCells(team: Team, { rank, centres, offsets, ids, vectors }: Cells): Cells {
  return {
    rank,
    centres: team.copied(centres),
    offsets: team.copied(offsets),
    ids: team.copied(ids),
    vectors: team.copied(vectors),
    // centres are placed without the coordinate that queries have not
    augmented: centres,
    longest: 0,
  };
}

function searchCells(
  team: Team,
  { rank, centres, offsets, ids, vectors }: Cells,
  probes: number,
  queries: Float32Array,
  options: IndexSearch,
): RankedLists {
  team.scratch(probes * 8);
  return team.scoped(() => {
    const search = searchArguments(team, queries, rank, ids.length, options);
    const cells = [centres, centres.length / rank, offsets, probes, vectors, ids, rank];
    team.run('probe', search.rows, 1, search.queries, ...cells, ...search.filters, search.k, ...search.to);
    return packed(search.lists, search.k);
  });
}

function indexOf(built: Built): ApproximateIndex {
  const { factors, rank, probes, recall, centres, offsets, ids, vectors, augmented, longest } = built;
  const team = new Team('topk', { threads: 1 });
  const inPlace = placedCells(team, built);
  const shape = { size: ids.length, factors };
  return {
    ...shape,
    probes,
    recall,
    search: (queries, options) =>
      searchCells(team, inPlace, probes, checkedQueries(queries, shape, options), options),
    add: more => {
      const all = new Float32Array(ids.length * rank + checkedVectors(more, factors).length);
      ids.forEach((id, at) => all.set(vectors.subarray(at * rank, (at + 1) * rank), id * rank));
      all.set(checkedVectors(more, factors), ids.length * rank);
      return indexOf({ ...built, ...cellsOf(all, rank, { augmented, longest }) });
    },
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: { factors, probes, recall, longest },
      arrays: { centres, augmented, offsets, ids, vectors },
      parts: [],
    }),
  };
}

/** The index that `save` gave. @throws MlError `ml.bad_model` */
export function loadApproximateIndex(saved: Saved): ApproximateIndex {
  const reader = new SavedReader(saved, KIND, VERSION);
  const [factors, probes] = [reader.number('factors'), reader.number('probes')];
  if (!Number.isInteger(factors) || factors < 1) throw reader.bad('factors');
  const rank = padded(factors);
  const offsets = reader.typed('offsets', 'u32');
  const count = offsets.length - 1;
  const ids = reader.typed('ids', 'u32', offsets[count]);
  if (!isRising(offsets)) throw reader.bad('offsets');
  if (ids.some(id => id >= ids.length)) throw reader.bad('ids');
  if (!Number.isInteger(probes) || probes < 1 || probes > count) throw reader.bad('probes');
  return indexOf({
    ...{ factors, rank, probes, offsets, ids },
    recall: reader.number('recall'),
    longest: reader.number('longest'),
    centres: reader.typed('centres', 'f32', count * rank),
    augmented: reader.typed('augmented', 'f32', count * padded(rank + 1)),
    vectors: reader.typed('vectors', 'f32', ids.length * rank),
  });
}

function isRising(offsets: Uint32Array): boolean {
  return offsets[0] === 0 && offsets.every((offset, at) => at === 0 || offset >= offsets[at - 1]);
}
