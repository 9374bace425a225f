import type { FitOptions } from '../../estimator.ts';
import type { Rng } from '../../random/rng.ts';
import type { Team } from '../../runtime/team.ts';
import type { Table } from '../../table.ts';
import { binnedTable, type BinnedTable, type ColumnBins } from '../binning.ts';
import type { Gradients, Standing } from './gradients.ts';
import { Grower, type GrownNode } from './grow.ts';
import type { Objective } from './objective.ts';
import type { Settings } from './parameters.ts';
import { holdOut, RowSampling, sampledColumns } from './sampling.ts';
import { addToLearned, addToOthers } from './scores.ts';
import { Workspace } from './workspace.ts';

/** What is to be learned, sound. */
export interface Problem {
  table: Table;
  bins: readonly ColumnBins[];
  target: Float32Array;
  weights: Float32Array | undefined;
  /** Where the score of each row begins, instead of at the base. */
  offset: Float32Array | undefined;
  /** Where each group begins, and the number of rows. */
  starts: Uint32Array | undefined;
  monotone: Int8Array;
  settings: Settings;
  objective: Objective;
}

/** A tree with the values of its nodes, and the output that they are added to. */
export interface ValuedTree {
  nodes: GrownNode[];
  values: Float32Array;
  output: number;
}

/** Mean loss after each round, that of the base first: of rows that it learned from, and of those kept out. */
export interface History {
  training: number[];
  validation: number[];
}

export interface Trained {
  base: Float64Array;
  trees: ValuedTree[];
  history: History;
}

/** Loss of the rows that learn is told by so many of them. */
const SHOWN = 8_192;

/** Grows trees round by round; with early stopping, keeps those up to the best round. */
export async function train(
  team: Team,
  problem: Problem,
  rng: Rng,
  { onProgress }: FitOptions,
): Promise<Trained> {
  const { trees: total, earlyStopping } = problem.settings;
  const boosting = new Boosting(team, problem, rng);
  for (let round = 0; round < total; round++) {
    await team.pause();
    if (!boosting.round()) break;
    onProgress?.({ done: round + 1, total, unit: 'trees' });
    if (earlyStopping && boosting.roundsWithoutGain() >= earlyStopping.rounds) break;
  }
  return boosting.trained();
}

/** The state of a fit: scores of all rows, and the trees so far. */
class Boosting {
  readonly #team: Team;
  readonly #problem: Problem;
  readonly #rng: Rng;
  readonly #binned: BinnedTable;
  readonly #space: Workspace;
  readonly #grower: Grower;
  readonly #sampling: RowSampling;
  readonly #standing: Standing;
  readonly #gradients: Gradients;
  readonly #base: Float64Array;
  /** In the team's memory. */
  readonly #held: Uint32Array;
  readonly #shown: Uint32Array;
  readonly #trees: ValuedTree[] = [];
  readonly #history: History = { training: [], validation: [] };

  constructor(team: Team, problem: Problem, rng: Rng) {
    const { table, bins, weights, settings, monotone, objective, starts } = problem;
    this.#team = team;
    this.#problem = problem;
    this.#rng = rng;
    const share = settings.earlyStopping?.share ?? 0;
    const { learning, held } = holdOut(table.rows, share, weights, starts, rng);
    this.#held = team.copied(held);
    this.#shown = objective.shown(learning, SHOWN);
    this.#base = problem.offset
      ? new Float64Array(objective.outputs)
      : objective.base(problem.target, weights);
    this.#binned = binnedTable(team, table, bins);
    this.#standing = standingOf(team, problem, this.#base);
    this.#gradients = objective.gradients(team, this.#standing);
    const rules = { ...settings, monotone };
    this.#space = new Workspace(team, this.#binned, bins, rules, this.#standing.weights);
    this.#sampling = new RowSampling(team, this.#space, learning, table.rows, settings.rowSample);
    const { byColumn, rows } = this.#binned;
    this.#grower = new Grower(this.#space, rules, byColumn.byteOffset, rows);
    this.#note();
  }

  /** One tree for each output. Whether anything could be split: where nothing can, more rounds bring nothing. */
  round(): boolean {
    const { objective, settings } = this.#problem;
    this.#gradients.begin();
    let grew = settings.rowSample < 1 || settings.columnSample < 1;
    for (let output = 0; output < objective.outputs; output++) {
      const tree = this.#grow(output);
      this.#trees.push(tree);
      grew ||= tree.nodes.length > 1;
    }
    if (grew) this.#note();
    else this.#trees.splice(-objective.outputs);
    return grew;
  }

  #grow(output: number): ValuedTree {
    const { settings, table, objective } = this.#problem;
    const scale = this.#gradients.write(output, this.#space.pairs);
    const rows = this.#sampling.next(this.#rng);
    const allowed = sampledColumns(table.columns.length, settings.columnSample, this.#rng);
    const nodes = this.#grower.grow(rows, rows.count === table.rows, allowed, scale);
    const steps =
      objective.renewed?.(nodes, this.#space.order, this.#standing) ?? nodes.map(({ step }) => step);
    const values = Float32Array.from(steps, step => step * settings.learningRate);
    const tree = { nodes, values, output };
    this.#add(tree, rows.count);
    return tree;
  }

  #add({ nodes, values, output }: ValuedTree, learned: number): void {
    const { scores, pitch } = this.#standing;
    const { order } = this.#space;
    const own = scores.byteOffset + output * pitch * 4;
    addToLearned(this.#team, order, nodes, values, own);
    const unseen = this.#sampling.count - learned;
    const others = (at: number, count: number): void =>
      addToOthers(this.#team, this.#binned, nodes, values, at, count, own);
    others(order.byteOffset + learned * 4, unseen);
    others(this.#held.byteOffset, this.#held.length);
  }

  #note(): void {
    const { objective } = this.#problem;
    this.#history.training.push(objective.loss(this.#standing, this.#shown));
    if (this.#held.length > 0) this.#history.validation.push(objective.loss(this.#standing, this.#held));
  }

  roundsWithoutGain(): number {
    const { validation } = this.#history;
    return validation.length - 1 - bestOf(validation);
  }

  trained(): Trained {
    const { objective } = this.#problem;
    const { training, validation } = this.#history;
    const rounds = validation.length > 0 ? bestOf(validation) : training.length - 1;
    return {
      base: this.#base,
      trees: this.#trees.slice(0, rounds * objective.outputs),
      history: { training: training.slice(0, rounds + 1), validation },
    };
  }
}

/** The first round of the least loss. */
function bestOf(losses: readonly number[]): number {
  return losses.indexOf(Math.min(...losses));
}

function standingOf(
  team: Team,
  { table, target, weights, offset, objective }: Problem,
  base: Float64Array,
): Standing {
  const pitch = (table.rows + 3) & ~3;
  const scores = team.f32(pitch * objective.outputs);
  base.forEach((score, output) => scores.fill(score, output * pitch, (output + 1) * pitch));
  if (offset) scores.set(offset);
  const padded = (values: Float32Array): Float32Array => {
    const copy = team.f32(pitch);
    copy.set(values);
    return copy;
  };
  return {
    rows: table.rows,
    scores,
    pitch,
    target: padded(target),
    weights: weights && padded(weights),
  };
}
