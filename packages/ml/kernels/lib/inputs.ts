import {
  COLUMN,
  DIMENSION,
  embeddingAt,
  EMBEDDINGS,
  INPUT,
  INPUT_ROW,
  INPUTS,
  NUMBERS,
  NUMBERS_ROW,
  place,
  TABLE,
  word,
} from './plan';

/** The position of a tile's row i among all rows; they follow each other from `first` where no positions are given. */
// @inline
export function positionOf(positions: usize, first: i32, i: i32): u32 {
  return positions ? load<u32>(positions + ((<usize>i) << 2)) : <u32>(first + i);
}

/**
 * Rows of inputs to the network, in scratch: the numbers of each, then what stands for its categories.
 *
 * @param numbers rows of f32; `codes` rows of u32, one for each embedding
 */
export function gather(
  plan: usize,
  parameters: usize,
  scratch: usize,
  rows: i32,
  positions: usize,
  first: i32,
  numbers: usize,
  codes: usize,
): void {
  const row = place(plan + INPUT_ROW);
  const bytes = (<usize>((word(plan + NUMBERS) + 3) & ~3)) << 2;
  const used = (<usize>word(plan + INPUTS)) << 2;
  const embeddings = word(plan + EMBEDDINGS);
  let to = scratch + place(plan + INPUT);
  for (let i = 0; i < rows; i++, to += row) {
    const position = <usize>positionOf(positions, first, i);
    const from = numbers + position * place(plan + NUMBERS_ROW);
    for (let at: usize = 0; at < bytes; at += 16) v128.store(to + at, v128.load(from + at));
    if (embeddings == 0) continue;
    embed(plan, parameters, to, codes + ((position * <usize>embeddings) << 2));
    for (let at = used; at < row; at += 4) store<f32>(to + at, 0);
  }
}

function embed(plan: usize, parameters: usize, to: usize, codes: usize): void {
  const embeddings = word(plan + EMBEDDINGS);
  for (let e = 0; e < embeddings; e++) {
    const embedding = embeddingAt(plan, e);
    const dimension = word(embedding + DIMENSION);
    const from =
      parameters + place(embedding + TABLE) + tableRow(dimension, load<u32>(codes + ((<usize>e) << 2)));
    const column = to + place(embedding + COLUMN);
    for (let k: usize = 0; k < <usize>dimension; k++)
      store<f32>(column + (k << 2), load<f32>(from + (k << 2)));
  }
}

/** Where a category's row begins in its table. */
// @inline
function tableRow(dimension: i32, code: u32): usize {
  return (<usize>code * <usize>((dimension + 3) & ~3)) << 2;
}

/** Adds the gradients by inputs to those of the categories that the inputs came from. */
export function embedBack(
  plan: usize,
  gradient: usize,
  d: usize,
  rows: i32,
  positions: usize,
  codes: usize,
): void {
  const row = place(plan + INPUT_ROW);
  const embeddings = word(plan + EMBEDDINGS);
  for (let i = 0; i < rows; i++, d += row) {
    const own = codes + ((<usize>positionOf(positions, 0, i) * <usize>embeddings) << 2);
    for (let e = 0; e < embeddings; e++) {
      const embedding = embeddingAt(plan, e);
      const dimension = word(embedding + DIMENSION);
      const to =
        gradient + place(embedding + TABLE) + tableRow(dimension, load<u32>(own + ((<usize>e) << 2)));
      const column = d + place(embedding + COLUMN);
      for (let k: usize = 0; k < <usize>dimension; k++)
        store<f32>(to + (k << 2), load<f32>(to + (k << 2)) + load<f32>(column + (k << 2)));
    }
  }
}
