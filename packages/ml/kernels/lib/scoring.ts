import { dot, dots4 } from './dense';

/** Scores of users lo to hi: score[u][i] = x_u'y_i. `width` is the distance of the rows of `scores`. */
export function scoreFactors(
  block: i32,
  lo: i32,
  hi: i32,
  x: usize,
  y: usize,
  items: i32,
  rank: i32,
  scores: usize,
  width: i32,
): void {
  const bytes = (<usize>rank) << 2;
  const whole = items & ~3;
  for (let user = lo; user < hi; user++) {
    const vector = x + <usize>user * bytes;
    const out = scores + ((<usize>user * <usize>width) << 2);
    for (let item = 0; item < whole; item += 4)
      v128.store(out + ((<usize>item) << 2), dots4(y + <usize>item * bytes, vector, bytes));
    for (let item = whole; item < items; item++)
      store<f32>(out + ((<usize>item) << 2), dot(y + <usize>item * bytes, vector, bytes));
  }
}

/** Adds to the scores of users lo to hi, for each entry of their rows, its value times the sparse row of its item. */
export function scoreSparse(
  block: i32,
  lo: i32,
  hi: i32,
  offsets: usize,
  indices: usize,
  values: usize,
  weightOffsets: usize,
  weightIndices: usize,
  weights: usize,
  scores: usize,
  width: i32,
  first: i32,
): void {
  for (let user = lo; user < hi; user++) {
    const out = scores + ((<usize>user * <usize>width) << 2);
    const row = offsets + ((<usize>(first + user)) << 2);
    for (let at = load<u32>(row); at < load<u32>(row, 4); at++) {
      const value = load<f32>(values + ((<usize>at) << 2));
      const item = weightOffsets + ((<usize>load<u32>(indices + ((<usize>at) << 2))) << 2);
      for (let w = load<u32>(item); w < load<u32>(item, 4); w++) {
        const to = out + ((<usize>load<u32>(weightIndices + ((<usize>w) << 2))) << 2);
        store<f32>(to, load<f32>(to) + value * load<f32>(weights + ((<usize>w) << 2)));
      }
    }
  }
}
