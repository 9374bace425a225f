import { withTeam, type Team } from '../runtime/team.ts';
import { bestOf, listsOf } from './lists.reference.ts';
import { checkedOptions, type Interactions, type RankedLists, type RecommendOptions } from './recommender.ts';

/** How a model scores some histories: plainly one after the other, or many by kernels; the two agree to the last bit. */
export interface Scoring {
  readonly rows: number;
  readonly items: number;
  /** About how many multiplications all rows cost. */
  readonly work: number;
  /** Adds the scores of one row to zeros. */
  plain(row: number, out: Float32Array): void;
  /** Adds the scores of the rows `lo` to `hi` to zeros that lie `width` from row to row. */
  kernels(team: Team): (lo: number, hi: number, out: Float32Array, width: number) => void;
}

/** Less than that is done before a team could begin. */
const WORTH_A_TEAM = 500_000;
/** Scores that are held at a time. */
const HELD = 4_194_304;

/** Scores by row. */
export function scoresBy(scoring: Scoring, threads?: number): Float32Array {
  const { rows, items, work } = scoring;
  const scores = new Float32Array(rows * items);
  if (work < WORTH_A_TEAM) {
    for (let row = 0; row < rows; row++) scoring.plain(row, scores.subarray(row * items, (row + 1) * items));
    return scores;
  }
  withTeam('recommend', { threads, work }, team =>
    scored(team, scoring, (lo, hi, part, width) => {
      for (let row = lo; row < hi; row++)
        scores.set(part.subarray((row - lo) * width, (row - lo) * width + items), row * items);
    }),
  );
  return scores;
}

/** The best k of each row. */
export function rankedBy(scoring: Scoring, histories: Interactions, options: RecommendOptions): RankedLists {
  checkedOptions(options, scoring.items);
  if (scoring.work < WORTH_A_TEAM) return plainlyRanked(scoring, histories, options);
  return withTeam('recommend', { threads: options.threads, work: scoring.work }, team =>
    rankedByKernels(team, scoring, histories, options),
  );
}

function plainlyRanked(scoring: Scoring, histories: Interactions, options: RecommendOptions): RankedLists {
  const scores = new Float32Array(scoring.items);
  const lists = Array.from({ length: scoring.rows }, (_, row) => {
    scoring.plain(row, scores.fill(0));
    const { offsets, indices } = histories;
    return bestOf(scores, options, options.seen ? [] : indices.subarray(offsets[row], offsets[row + 1]));
  });
  return listsOf(lists);
}

function rankedByKernels(
  team: Team,
  scoring: Scoring,
  { offsets, indices }: Interactions,
  { k, seen, allowed }: RecommendOptions,
): RankedLists {
  const { rows, items } = scoring;
  const lists = { scores: team.f32(rows * k), items: team.u32(rows * k), counts: team.i32(rows) };
  const hidden = seen ? [0, 0] : [team.copied(offsets), team.copied(indices)];
  const usable = allowed ? team.copied(allowed) : 0;
  scored(team, scoring, (lo, hi, part, width) => {
    const to = [lists.scores.byteOffset + lo * k * 4, lists.items.byteOffset + lo * k * 4];
    const counts = lists.counts.byteOffset + lo * 4;
    team.run('selectTop', hi - lo, 4, part, items, width, lo, ...hidden, usable, k, ...to, counts);
  });
  return packed(lists, k);
}

/** Scores part of the rows after part, in memory that is used again. */
function scored(
  team: Team,
  scoring: Scoring,
  use: (lo: number, hi: number, part: Float32Array, width: number) => void,
): void {
  const { rows, items } = scoring;
  const width = (items + 3) & ~3;
  const step = Math.max(1, Math.min(rows, Math.floor(HELD / width)));
  const score = scoring.kernels(team);
  const part = team.f32(step * width);
  for (let lo = 0; lo < rows; lo += step) {
    const hi = Math.min(rows, lo + step);
    score(lo, hi, part.fill(0), width);
    use(lo, hi, part, width);
  }
}

/** Lists of `counts` items out of places for k each, end to end. */
export function packed(
  lists: { scores: Float32Array; items: Uint32Array; counts: Int32Array },
  k: number,
): RankedLists {
  const rows = lists.counts.length;
  const offsets = new Uint32Array(rows + 1);
  for (let row = 0; row < rows; row++) offsets[row + 1] = offsets[row] + lists.counts[row];
  const [items, scores] = [new Uint32Array(offsets[rows]), new Float32Array(offsets[rows])];
  for (let row = 0; row < rows; row++) {
    const [from, to] = [row * k, row * k + lists.counts[row]];
    items.set(lists.items.subarray(from, to), offsets[row]);
    scores.set(lists.scores.subarray(from, to), offsets[row]);
  }
  return { rows, offsets, items, scores };
}
