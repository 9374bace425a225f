// The plan of a network: numbers that tell the kernels what to do and where. `src/neural/plan.ts` writes it, word by
// word as it is read here. Places are in bytes: in `parameters`, or in the scratch memory of a thread.

// Of the network:
export const LAYERS: usize = 0;
/** Columns of numbers, and bytes from one row of theirs to the next. */
export const NUMBERS: usize = 4;
export const NUMBERS_ROW: usize = 8;
export const EMBEDDINGS: usize = 12;
/** What enters the first layer: how many numbers, bytes from row to row, place in scratch. */
export const INPUTS: usize = 16;
export const INPUT_ROW: usize = 20;
export const INPUT: usize = 24;
export const OUTPUTS: usize = 28;
export const LOSS: usize = 32;
/** f32. */
export const DELTA: usize = 36;
/** Rows that pass through the network together. */
export const TILE: usize = 40;
/** In scratch: a weight for each row of a tile; two gradients by a layer's outputs, by turns; a row of zeros. */
export const ROW_WEIGHTS: usize = 44;
export const GRADIENT: usize = 48;
export const GRADIENT_NEXT: usize = 52;
export const ZEROS: usize = 56;
/** In scratch: the rows that a path leads to, and the gradients along it. */
export const PATH_END: usize = 60;
export const PATH_SUM: usize = 64;
const NETWORK_BYTES: usize = 80;

// Of each layer:
export const DEPTH: usize = 0;
export const UNITS: usize = 4;
/** Bytes from one row of the layer's matrices to the next. */
export const ROW: usize = 8;
export const ACTIVATION: usize = 12;
/** In parameters; SCALES is 0 where nothing is normalised. */
export const WEIGHTS: usize = 16;
export const BIASES: usize = 20;
export const SCALES: usize = 24;
export const SHIFTS: usize = 28;
export const MEANS: usize = 32;
export const VARIANCES: usize = 36;
/** In scratch: what goes in and how far its rows are apart, weighted sums, their activation, what goes out. */
export const IN: usize = 40;
export const IN_ROW: usize = 44;
export const SUMS: usize = 48;
export const ACTIVE: usize = 52;
export const OUT: usize = 56;
export const MASK: usize = 60;
export const NORMAL: usize = 64;
export const TRANSPOSED: usize = 68;
export const BATCH_MEAN: usize = 72;
export const BATCH_VARIANCE: usize = 76;
/** Hashes below it leave an output out, 0 where none is; what the others are multiplied by (f32). */
export const THRESHOLD: usize = 80;
export const KEPT_SCALE: usize = 84;
const LAYER_BYTES: usize = 96;

// Of each embedding: numbers for one category, its table in parameters, its place in a row of inputs.
export const DIMENSION: usize = 0;
export const TABLE: usize = 4;
export const COLUMN: usize = 8;
const EMBEDDING_BYTES: usize = 16;

// @inline
export function layerAt(plan: usize, l: i32): usize {
  return plan + NETWORK_BYTES + <usize>l * LAYER_BYTES;
}

// @inline
export function embeddingAt(plan: usize, e: i32): usize {
  return layerAt(plan, load<i32>(plan + LAYERS)) + <usize>e * EMBEDDING_BYTES;
}

/** A number of the plan. */
// @inline
export function word(at: usize): i32 {
  return load<i32>(at);
}

/** A place of the plan. */
// @inline
export function place(at: usize): usize {
  return <usize>load<u32>(at);
}
