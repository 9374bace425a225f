import { addRow, best, distancesOfFour, nearest, nearestOf, second, squaredDistance } from './lib/nearest';
import { scratch } from './lib/thread';
export { setScratch } from './lib/thread';
export { toRows } from './lib/columns';
export { mixtureStep } from './lib/mixture';

// How rows and centres lie is told in lib/nearest.ts.

// @inline
function rowAt(rows: usize, stride: i32, row: i32): usize {
  return rows + ((<usize>row * <usize>stride) << 2);
}

/** The weight of a row; 1 where there are none. */
// @inline
function weightAt(weights: usize, row: i32): f64 {
  return weights == 0 ? 1 : <f64>load<f32>(weights + ((<usize>row) << 2));
}

/**
 * The nearest centre of each row, and its distances from it and from the second nearest. Scratch: 16 bytes a place.
 *
 * @param labels i32 a row; @param upper, lower f32 a row
 */
export function assign(
  block: i32,
  lo: i32,
  hi: i32,
  rows: usize,
  stride: i32,
  columns: i32,
  turned: usize,
  places: i32,
  labels: usize,
  upper: usize,
  lower: usize,
): void {
  for (let i = lo; i < hi; i += 4) {
    measureFour(
      rows,
      stride,
      columns,
      turned,
      places,
      i,
      min(i + 1, hi - 1),
      min(i + 2, hi - 1),
      min(i + 3, hi - 1),
    );
    for (let r = i; r < min(i + 4, hi); r++) {
      nearestOf(scratch() + ((<usize>(r - i) * <usize>places) << 2), places);
      keep(r, labels, upper, lower);
    }
  }
}

/** Distances of four rows, by their numbers, to scratch. */
// @inline
function measureFour(
  rows: usize,
  stride: i32,
  columns: i32,
  turned: usize,
  places: i32,
  a: i32,
  b: i32,
  c: i32,
  d: i32,
): void {
  distancesOfFour(
    rowAt(rows, stride, a),
    rowAt(rows, stride, b),
    rowAt(rows, stride, c),
    rowAt(rows, stride, d),
    columns,
    turned,
    places,
    scratch(),
  );
}

// @inline
function keep(row: i32, labels: usize, upper: usize, lower: usize): void {
  const at = (<usize>row) << 2;
  store<i32>(labels + at, nearest);
  store<f32>(upper + at, sqrt<f32>(best));
  store<f32>(lower + at, sqrt<f32>(second));
}

/**
 * One round of Lloyd's method with Hamerly's bounds (2010): a row whose distance from its centre is surely below that
 * from any other is not measured. What changes hands is told as changes of the sums.
 *
 * Scratch: 16 bytes a place, then 4 bytes a row of a block.
 *
 * @param moves f32 a centre: how far it moved; then the largest move, then the largest but of the one that made it, then
 *   that centre's number as f32
 * @param gaps f32 a centre: half the distance from the nearest other
 * @param labels i32 a row, -1 before the first round; @param upper, lower f32 a row: bounds of its distances from its own
 *   centre and from any other
 * @param changes f64 a block x centre x (stride + 2): of the sums, the weights and the rows of each centre
 */
export function improve(
  block: i32,
  lo: i32,
  hi: i32,
  rows: usize,
  stride: i32,
  columns: i32,
  centres: usize,
  turned: usize,
  count: i32,
  moves: usize,
  gaps: usize,
  labels: usize,
  upper: usize,
  lower: usize,
  weights: usize,
  changes: usize,
): void {
  const places = (count + 3) & ~3;
  const own = changes + <usize>block * <usize>count * (<usize>stride + 2) * 8;
  memory.fill(own, 0, <usize>count * (<usize>stride + 2) * 8);
  const list = scratch() + ((<usize>places) << 4);
  const open = doubtful(
    lo,
    hi,
    rows,
    stride,
    centres,
    moves,
    moves + ((<usize>count) << 2),
    gaps,
    labels,
    upper,
    lower,
    list,
  );
  for (let i = 0; i < open; i += 4) {
    const at = list + ((<usize>i) << 2);
    const left = min(4, open - i);
    measureFour(
      rows,
      stride,
      columns,
      turned,
      places,
      load<i32>(at),
      load<i32>(at + (left > 1 ? 4 : 0)),
      load<i32>(at + (left > 2 ? 8 : 0)),
      load<i32>(at + (left > 3 ? 12 : 0)),
    );
    for (let r = 0; r < left; r++) {
      nearestOf(scratch() + ((<usize>r * <usize>places) << 2), places);
      handOver(load<i32>(at + ((<usize>r) << 2)), rows, stride, labels, weights, own);
      keep(load<i32>(at + ((<usize>r) << 2)), labels, upper, lower);
    }
  }
}

/** Brings the bounds up to date; lists the rows that may have another centre now, and returns how many there are. */
function doubtful(
  lo: i32,
  hi: i32,
  rows: usize,
  stride: i32,
  centres: usize,
  moves: usize,
  largest: usize,
  gaps: usize,
  labels: usize,
  upper: usize,
  lower: usize,
  list: usize,
): i32 {
  let open = 0;
  for (let i = lo; i < hi; i++) {
    const at = (<usize>i) << 2;
    const label = load<i32>(labels + at);
    if (label < 0) {
      store<i32>(list + ((<usize>open) << 2), i);
      open++;
      continue;
    }
    const isFarthest = <f32>label == load<f32>(largest, 8);
    const below = load<f32>(lower + at) - (isFarthest ? load<f32>(largest, 4) : load<f32>(largest));
    const bound = max(below, load<f32>(gaps + ((<usize>label) << 2)));
    let above = load<f32>(upper + at) + load<f32>(moves + ((<usize>label) << 2));
    if (above > bound) {
      above = sqrt<f32>(squaredDistance(rowAt(rows, stride, i), rowAt(centres, stride, label), stride));
      if (above > bound) {
        store<i32>(list + ((<usize>open) << 2), i);
        open++;
      }
    }
    store<f32>(upper + at, above);
    store<f32>(lower + at, below);
  }
  return open;
}

/** Takes a row from the sums of its old centre and gives it to those of the nearest. */
// @inline
function handOver(row: i32, rows: usize, stride: i32, labels: usize, weights: usize, sums: usize): void {
  const label = load<i32>(labels + ((<usize>row) << 2));
  if (label == nearest) return;
  const width = (<usize>stride + 2) << 3;
  const values = rowAt(rows, stride, row);
  const weight = weightAt(weights, row);
  if (label >= 0) addRow(values, stride, -weight, -1, sums + <usize>label * width);
  addRow(values, stride, weight, 1, sums + <usize>nearest * width);
}

/**
 * Squared distance of each row from its own centre.
 *
 * @param out f32 a row; @param sums f64 a block: weighted
 */
export function ownDistances(
  block: i32,
  lo: i32,
  hi: i32,
  rows: usize,
  stride: i32,
  centres: usize,
  labels: usize,
  weights: usize,
  out: usize,
  sums: usize,
): void {
  let sum: f64 = 0;
  for (let i = lo; i < hi; i++) {
    const at = (<usize>i) << 2;
    const centre = rowAt(centres, stride, load<i32>(labels + at));
    const apart = squaredDistance(rowAt(rows, stride, i), centre, stride);
    store<f32>(out + at, apart);
    sum += weightAt(weights, i) * <f64>apart;
  }
  store<f64>(sums + ((<usize>block) << 3), sum);
}

/**
 * What is left of the weighted squared distances to the nearest centre if one of four candidates became one more.
 * Scratch: 64 bytes.
 *
 * @param turned four candidates by column
 * @param nearby f32 a row: squared distance from the nearest centre so far
 * @param sums f64 a block x 4
 */
export function potentials(
  block: i32,
  lo: i32,
  hi: i32,
  rows: usize,
  stride: i32,
  columns: i32,
  turned: usize,
  nearby: usize,
  weights: usize,
  sums: usize,
): void {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let i = lo; i < hi; i += 4) {
    measureFour(
      rows,
      stride,
      columns,
      turned,
      4,
      i,
      min(i + 1, hi - 1),
      min(i + 2, hi - 1),
      min(i + 3, hi - 1),
    );
    for (let r = i; r < min(i + 4, hi); r++) {
      const apart = v128.load(scratch() + ((<usize>(r - i)) << 4));
      const left = f32x4.min(apart, v128.load32_splat(nearby + ((<usize>r) << 2)));
      const weight = f64x2.splat(weightAt(weights, r));
      low = f64x2.add(low, f64x2.mul(weight, f64x2.promote_low_f32x4(left)));
      const upper = i8x16.shuffle(left, left, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
      high = f64x2.add(high, f64x2.mul(weight, f64x2.promote_low_f32x4(upper)));
    }
  }
  v128.store(sums + ((<usize>block) << 5), low);
  v128.store(sums + ((<usize>block) << 5), high, 16);
}

/**
 * The squared distance of each row from its nearest centre, with one centre more.
 *
 * @param sums f64 a block: weighted
 */
export function approach(
  block: i32,
  lo: i32,
  hi: i32,
  rows: usize,
  stride: i32,
  centre: usize,
  nearby: usize,
  weights: usize,
  sums: usize,
): void {
  let sum: f64 = 0;
  for (let i = lo; i < hi; i++) {
    const at = (<usize>i) << 2;
    const apart = min(load<f32>(nearby + at), squaredDistance(rowAt(rows, stride, i), centre, stride));
    store<f32>(nearby + at, apart);
    sum += weightAt(weights, i) * <f64>apart;
  }
  store<f64>(sums + ((<usize>block) << 3), sum);
}
