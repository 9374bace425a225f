import { padded, type Activation, type Layer, type Loss, type Network } from './network.ts';

/** Rows that pass through the network together; batch normalisation takes its statistics of as many. */
export const TILE = 128;

const NETWORK_WORDS = 20;
const LAYER_WORDS = 24;
const EMBEDDING_WORDS = 4;

// as kernels/lib/activation.ts and outcome.ts count them
const ACTIVATIONS: Readonly<Record<Activation | 'identity', number>> = {
  identity: 0,
  relu: 1,
  sigmoid: 2,
  tanh: 3,
  gelu: 4,
};
const LOSSES: Readonly<Record<Loss, number>> = { binary: 0, classes: 1, squared: 2, huber: 3 };

/** What the kernels are told of a network, word by word as kernels/lib/plan.ts reads it, and the scratch that they need. */
export interface Plan {
  words: Int32Array;
  /** Bytes of scratch for each thread. */
  scratch: number;
}

/** @param numbersStride numbers from one row of the table's numbers to the next */
export function planOf(network: Network, numbersStride: number): Plan {
  const scratch = new Scratch();
  const input = scratch.matrix(network.inputStride);
  const layers = layersOf(network, input, scratch);
  const { definition, embeddings } = network;
  const widest = Math.max(network.inputStride, ...network.layers.map(({ stride }) => stride));
  const head = [
    ...[network.layers.length, definition.numbers, numbersStride * 4, embeddings.length],
    ...[network.inputs, network.inputStride * 4, input, definition.outputs],
    ...[LOSSES[definition.loss], bitsOf(definition.delta), TILE, scratch.take(TILE)],
    ...[scratch.matrix(widest), scratch.matrix(widest), scratch.zeros(widest)],
    ...[scratch.matrix(network.inputStride), scratch.matrix(network.inputStride)],
  ];
  const tables = embeddings.map(({ table, input: column }) => [table.columns, table.at * 4, column * 4]);
  return {
    words: Int32Array.from([
      ...filled(head, NETWORK_WORDS),
      ...layers.flatMap(words => filled(words, LAYER_WORDS)),
      ...tables.flatMap(words => filled(words, EMBEDDING_WORDS)),
    ]),
    scratch: scratch.bytes,
  };
}

function layersOf({ layers }: Network, input: number, scratch: Scratch): number[][] {
  let into = { at: input, stride: layers[0]?.inputStride ?? 0 };
  return layers.map(layer => {
    const { words, out } = layerWords(layer, into, scratch);
    into = { at: out, stride: layer.stride };
    return words;
  });
}

function layerWords(
  { inputs, units, stride, activation, weights, biases, norm, dropout }: Layer,
  into: { at: number; stride: number },
  scratch: Scratch,
): { words: number[]; out: number } {
  const sums = scratch.matrix(stride);
  const active = activation === 'gelu' ? scratch.matrix(stride) : sums;
  const out = dropout > 0 ? scratch.matrix(stride) : active;
  const normed = norm ? [norm.scales, norm.shifts, norm.means, norm.variances] : [];
  const words = [
    ...[inputs, units, stride * 4, ACTIVATIONS[activation]],
    ...[
      weights.at * 4,
      biases.at * 4,
      ...filled(
        normed.map(({ at }) => at * 4),
        4,
      ),
    ],
    ...[into.at, into.stride * 4, sums, active, out],
    ...[dropout > 0 ? scratch.matrix(stride) : 0, norm ? scratch.matrix(stride) : 0],
    scratch.take(padded(units) * padded(inputs)),
    ...(norm ? [scratch.take(stride), scratch.take(stride)] : [0, 0]),
    ...[thresholdOf(dropout), bitsOf(1 / (1 - dropout))],
  ];
  return { words, out };
}

/** Hashes below it, of 2^32, leave an output out. */
export function thresholdOf(dropout: number): number {
  return Math.round(dropout * 2 ** 32) | 0;
}

function filled(words: readonly number[], length: number): number[] {
  return [...words, ...new Array<number>(length - words.length).fill(0)];
}

/** The bits of a 32-bit float as a whole number. */
function bitsOf(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0];
}

/** Places in the scratch memory of a thread, in bytes. */
class Scratch {
  bytes = 64;

  take(numbers: number): number {
    const at = this.bytes;
    this.bytes += (numbers * 4 + 64 + 63) & ~63;
    return at;
  }

  /** For the rows of a tile. */
  matrix(stride: number): number {
    return this.take(TILE * stride);
  }

  /** Never written to, and zero from the start. */
  zeros(stride: number): number {
    return this.take(stride);
  }
}
