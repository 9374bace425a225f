import type { FitOptions } from '../../estimator.ts';
import type { Rng } from '../../random/rng.ts';
import { withTeam, type Team } from '../../runtime/team.ts';
import { compacted } from './compact.ts';
import { Stage, type SparseData } from './stage.ts';
import {
  gathered,
  LOSS,
  ROWS,
  scattered,
  WEIGHT,
  type Numbers,
  type State,
  type TableShape,
} from './state.ts';

/** A kernel that learns from row after row, and how what it knows is laid out. */
export interface RowMethod {
  /** File and function of `kernels/`. */
  readonly family: string;
  readonly kernel: string;
  readonly tables: readonly TableShape[];
  /** What it knows before the first row, apart from features. */
  readonly own: Float64Array;
  readonly parameters: Float32Array;
  /** Bytes of scratch for a row of so many entries. */
  scratch(entries: number): number;
  /** The rate at row t, counted from 1, where the kernel does not make its own. */
  readonly rate?: ((t: number) => number) | undefined;
  /** Whether a feature's first state follows from its index, so that the kernel must be told it. */
  readonly named?: boolean;
}

export interface Passes {
  epochs: number;
  /** Draws the order of the rows of each pass; as they lie where absent. */
  shuffle?: Rng | undefined;
}

/**
 * Goes over the rows `epochs` times and returns what is known then. The tables of `state` are changed. The sum of
 * losses is of the first pass: of predictions of rows that were not learned from yet.
 */
export async function learnRows(
  method: RowMethod,
  state: State,
  data: SparseData,
  passes: Passes,
  options: FitOptions,
): Promise<State> {
  const compact = compacted(
    data.x,
    method.tables.reduce((sum, table) => sum + table.values, 0),
  );
  if (!compact) return runPasses(method, state, data, passes, options);
  const { rows, features } = compact;
  const part = await runPasses(
    method,
    gathered(state, features),
    { ...data, x: rows },
    passes,
    options,
    features,
  );
  return scattered(state, features, part);
}

function runPasses(
  method: RowMethod,
  state: State,
  data: SparseData,
  { epochs, shuffle }: Passes,
  { signal, onProgress }: FitOptions,
  features?: Uint32Array,
): Promise<State> {
  const { rows } = data.x;
  return withTeam(method.family, { threads: 1, signal }, async team => {
    const pass = new Pass(team, method, state, data, features);
    for (let epoch = 0; epoch < epochs; epoch++) {
      const sums = pass.own.slice(LOSS, WEIGHT + 1);
      const order = shuffle?.permutation(rows);
      for (let done = 0; done < rows;) {
        await team.pause();
        done += pass.step(done, order);
        onProgress?.({ done: epoch * rows + done, total: epochs * rows, unit: 'rows' });
      }
      if (epoch > 0) pass.own.set(sums, LOSS);
    }
    return pass.state();
  });
}

/** Memory of a team, laid out for one method. */
class Pass {
  readonly own: Float64Array;
  readonly #team: Team;
  readonly #method: RowMethod;
  readonly #into: State;
  readonly #stage: Stage;
  readonly #tables: readonly (Numbers | 0)[];
  readonly #parameters: Float32Array;
  readonly #rates: Float64Array | 0;
  readonly #names: Uint32Array | 0;

  constructor(
    team: Team,
    method: RowMethod,
    state: State,
    data: SparseData,
    features: Uint32Array | undefined,
  ) {
    this.#team = team;
    this.#method = method;
    this.#into = state;
    this.#stage = new Stage(team, data);
    this.#tables = state.tables.map(table => placed(team, table, state.own[ROWS] === 0));
    this.own = team.copied(state.own);
    this.#parameters = team.copied(method.parameters);
    this.#rates = method.rate ? team.f64(this.#stage.targets.length) : 0;
    this.#names = method.named && features ? team.copied(features) : 0;
    team.scratch(method.scratch(this.#stage.longest));
  }

  /** Learns from as many rows after `from` as there is room for; how many these were. */
  step(from: number, order: Uint32Array | undefined): number {
    const stage = this.#stage;
    const rows = stage.fill(from, order);
    const { rate, kernel } = this.#method;
    if (this.#rates && rate) {
      const t = this.own[ROWS] + 1;
      for (let row = 0; row < rows; row++) this.#rates[row] = rate(t + row);
    }
    const { offsets, indices, values, targets, weights } = stage;
    const known = [this.own, this.#parameters, this.#into.width, this.#rates, ...this.#tables];
    this.#team.run(kernel, rows, rows, offsets, indices, values, targets, weights, ...known, this.#names);
    return rows;
  }

  state(): State {
    this.#into.tables.forEach((table, t) => {
      const learned = this.#tables[t];
      if (learned) table.set(learned);
    });
    return { ...this.#into, own: this.own.slice() };
  }
}

/** A table in linear memory; before the first row it is all zeros, which need not be copied. */
function placed(team: Team, table: Numbers, fresh: boolean): Numbers | 0 {
  if (table.length === 0) return 0;
  if (!fresh) return team.copied(table);
  return table instanceof Float32Array ? team.f32(table.length) : team.f64(table.length);
}
