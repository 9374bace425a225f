import { MlError } from '../../errors.ts';
import type { Team } from '../../runtime/team.ts';
import { packed, type Gradients, type Standing } from './gradients.ts';
import type { Objective } from './objective.ts';

/** Pairs of which neither is among so many first do not count (LightGBM's lambdarank_truncation_level). */
const TOP = 30;
/** Loss is 1 less the nDCG of so many first. */
const SHOWN_PLACES = 10;
/** 2^relevance must stay a number that 32 bits tell apart. */
const MOST_RELEVANT = 30;
const BLOCK_ROWS = 4_096;

/**
 * LambdaMART on nDCG.
 *
 * @param starts where each group begins, and the number of rows
 */
export function rankingObjective(target: Float32Array, starts: Uint32Array | undefined): Objective {
  if (!starts)
    throw new MlError('ml.bad_table', 'ranking needs groups: which rows are ranked against one another');
  const tooMuch = target.findIndex(relevance => relevance > MOST_RELEVANT);
  if (tooMuch >= 0)
    throw new MlError(
      'ml.bad_value',
      `row ${tooMuch} of the target is ${target[tooMuch]}; relevance must be from 0 to ${MOST_RELEVANT}`,
    );
  const groupOf = groupsByRow(starts);
  return {
    outputs: 1,
    base: () => new Float64Array(1),
    gradients: (team, standing) => lambdaGradients(team, standing, starts),
    loss: (standing, rows) => rankingLoss(standing, rows, groupOf),
    shown: (learning, wanted) => wholeGroups(learning, wanted, groupOf),
  };
}

/** Of a ranking's first places, discounted by place and over the best that there could be; 1 where nothing is relevant. */
export function ndcgOf(scores: ArrayLike<number>, relevance: ArrayLike<number>, places: number): number {
  const rows = Array.from({ length: scores.length }, (_, i) => i);
  const dcg = (order: readonly number[]): number =>
    order.slice(0, places).reduce((sum, row, place) => sum + gainOf(relevance[row]) * discountOf(place), 0);
  const best = dcg(rows.toSorted((a, b) => relevance[b] - relevance[a]));
  return best > 0 ? dcg(rows.toSorted((a, b) => scores[b] - scores[a] || a - b)) / best : 1;
}

function gainOf(relevance: number): number {
  return 2 ** relevance - 1;
}

function discountOf(place: number): number {
  return 1 / Math.log2(2 + place);
}

function groupsByRow(starts: Uint32Array): Uint32Array {
  const groupOf = new Uint32Array(starts[starts.length - 1]);
  for (let group = 0; group + 1 < starts.length; group++)
    groupOf.fill(group, starts[group], starts[group + 1]);
  return groupOf;
}

function lambdaGradients(team: Team, at: Standing, starts: Uint32Array): Gradients {
  const groups = starts.length - 1;
  const sizes = Array.from({ length: groups }, (_, group) => starts[group + 1] - starts[group]);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const grain = Math.max(1, Math.floor((BLOCK_ROWS * groups) / at.rows));
  const room = (largest + 4) * 4;
  team.scratch(6 * room);
  const sums = team.f64(2 * Math.ceil(groups / grain));
  const told = [
    team.copied(at.target.map(gainOf)),
    team.copied(bestByGroup(at.target, starts)),
    team.copied(Float32Array.from({ length: largest }, (_, place) => discountOf(place))),
  ] as const;
  const startsAt = team.copied(starts);
  return {
    begin: () => undefined,
    write: (_, pairs) => {
      const rest = [TOP, room, at.weights ?? 0, pairs, sums] as const;
      team.run('lambdas', groups, grain, startsAt, at.scores, ...told, ...rest);
      return packed(team, at.rows, pairs, sums);
    },
  };
}

/** 1 / the largest DCG of each group; 0 where nothing is relevant. */
function bestByGroup(target: Float32Array, starts: Uint32Array): Float32Array {
  return Float32Array.from({ length: starts.length - 1 }, (_, group) => {
    const best = target
      .slice(starts[group], starts[group + 1])
      .sort()
      .reverse()
      .reduce((sum, relevance, place) => sum + (place < TOP ? gainOf(relevance) * discountOf(place) : 0), 0);
    return best > 0 ? 1 / best : 0;
  });
}

/** 1 less the mean nDCG of the groups that the rows make up. */
function rankingLoss({ scores, target }: Standing, rows: Uint32Array, groupOf: Uint32Array): number {
  let [sum, groups] = [0, 0];
  for (let from = 0; from < rows.length;) {
    let to = from + 1;
    while (to < rows.length && groupOf[rows[to]] === groupOf[rows[from]]) to++;
    const own = rows.subarray(from, to);
    const of = (values: Float32Array) => Float32Array.from(own, row => values[row]);
    sum += 1 - ndcgOf(of(scores), of(target), SHOWN_PLACES);
    groups++;
    from = to;
  }
  return groups > 0 ? sum / groups : 0;
}

/** Every n-th group, so that about the wanted number of rows is there. */
function wholeGroups(rows: Uint32Array, wanted: number, groupOf: Uint32Array): Uint32Array {
  const every = Math.ceil(rows.length / wanted);
  return rows.filter(row => groupOf[row] % every === 0);
}
