import type { Team } from '../runtime/team.ts';
import type { Inputs } from './inputs.ts';
import { padded, type Network } from './network.ts';
import { planOf, TILE } from './plan.ts';

/** Name of the file of kernels. */
export const KERNELS = 'neural';
/** Slices of a batch have a gradient each; so much memory may go into them, and there may be so many. */
const MOST_GRADIENT_BYTES = 64 << 20;
const MOST_SLICES = 64;

/** Rows in linear memory. */
export interface LoadedRows {
  count: number;
  numbers: Float32Array;
  codes: Uint32Array;
}

/** Rows with what is to be said of them. */
export interface LabelledRows extends LoadedRows {
  target: Float32Array;
  /** One each where absent. */
  weights: Float32Array | undefined;
}

/** A network in the memory of a team, and what its kernels do with rows. State to own, hence a class. */
export class LoadedNetwork {
  readonly network: Network;
  readonly parameters: Float32Array;
  /** Of each slice of the last batch, one after the other. */
  gradients: Float32Array;
  slices = 0;
  readonly #team: Team;
  readonly #plan: Int32Array;
  #losses: Float64Array;

  constructor(team: Team, network: Network, parameters: Float32Array) {
    const { words, scratch } = planOf(network, padded(network.definition.numbers));
    this.network = network;
    this.#team = team;
    this.#plan = team.copied(words);
    this.parameters = team.copied(parameters);
    this.gradients = team.f32(0);
    this.#losses = team.f64(0);
    team.scratch(scratch);
  }

  rows({ rows, numbers, codes }: Inputs): LoadedRows {
    return { count: rows, numbers: this.#team.rows(numbers), codes: this.#team.copied(codes) };
  }

  labelled(inputs: Inputs, target: Float32Array, weights: Float32Array | undefined): LabelledRows {
    return {
      ...this.rows(inputs),
      target: this.#team.copied(target),
      weights: weights && this.#team.copied(weights),
    };
  }

  /** Makes room for the gradients of batches of so many rows; it is kept until the team ends. */
  batchesOf(batch: number): void {
    this.gradients = this.#team.f32(this.#slicing(batch).slices * this.network.size);
  }

  /**
   * Leaves the gradients of a batch in `gradients`.
   *
   * @param positions of the batch's rows among all
   * @param total weight of the batch
   * @param key of what is left out in this step
   * @returns its mean loss, without penalties
   */
  learnFrom(rows: LabelledRows, positions: Uint32Array, total: number, key: number): number {
    const { grain, slices } = this.#slicing(positions.length);
    this.slices = slices;
    const losses = this.#lossesOf(slices);
    this.#team.run(
      ...(['trainRows', positions.length, grain, this.#plan, this.parameters, this.gradients] as const),
      ...([this.network.size, losses, positions, rows.numbers, rows.codes, rows.target] as const),
      ...[rows.weights ?? 0, 1 / total, key],
    );
    return sumOf(losses, slices) / total;
  }

  /** Summed loss of the rows at these positions, as the network is used. */
  loss(rows: LabelledRows, positions: Uint32Array): number {
    const grain = 8 * TILE;
    const blocks = Math.ceil(positions.length / grain);
    const losses = this.#lossesOf(blocks);
    this.#team.run(
      ...(['lossRows', positions.length, grain, this.#plan, this.parameters, losses, positions] as const),
      ...[rows.numbers, rows.codes, rows.target, rows.weights ?? 0],
    );
    return sumOf(losses, blocks);
  }

  /** The last layer's weighted sums, rows x outputs. */
  scores(rows: LoadedRows): Float32Array {
    const out = this.#team.f32(rows.count * this.network.definition.outputs);
    const { numbers, codes } = rows;
    this.#team.run('scoreRows', rows.count, 4 * TILE, this.#plan, this.parameters, numbers, codes, out);
    return out;
  }

  /**
   * Integrated gradients of the first output.
   *
   * @param base one row of inputs
   * @param points places from 0 to 1 and their weights, by turns
   * @returns rows x the stride of inputs
   */
  attributions(rows: LoadedRows, base: Float32Array, points: Float32Array): Float32Array {
    const out = this.#team.f32(rows.count * this.network.inputStride);
    this.#team.run(
      ...([
        'attributeRows',
        rows.count,
        TILE,
        this.#plan,
        this.parameters,
        rows.numbers,
        rows.codes,
      ] as const),
      ...[this.#team.copied(base), this.#team.copied(points), points.length / 2, out],
    );
    return out;
  }

  /** Slices do not depend on threads, only on the network and the batch. */
  #slicing(batch: number): { grain: number; slices: number } {
    const room = Math.floor(MOST_GRADIENT_BYTES / (4 * Math.max(1, this.network.size)));
    const wanted = Math.min(MOST_SLICES, Math.max(1, room), Math.ceil(batch / TILE));
    const grain = Math.max(4, padded(Math.ceil(batch / wanted)));
    return { grain, slices: Math.ceil(batch / grain) };
  }

  #lossesOf(count: number): Float64Array {
    if (count > this.#losses.length) this.#losses = this.#team.f64(count);
    return this.#losses;
  }
}

function sumOf(values: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i];
  return sum;
}
