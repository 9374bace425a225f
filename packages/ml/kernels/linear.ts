import { gammaPair, logisticPair, poissonPair } from './lib/row-loss';
import { expPair, logPair, sumOfPair, widened } from './lib/pair';
import { scratch } from './lib/thread';
import {
  COLUMN,
  DOUBLES,
  ROWS,
  flush,
  flushSingle,
  gradient,
  gradientSingle,
  scores,
  scoresSingle,
} from './lib/tiles';
export { setScratch } from './lib/thread';
export { toRows } from './lib/columns';

const LOGISTIC: i32 = 0;
const POISSON: i32 = 1;
/** Tiles after which sums in single precision are taken over into double. */
const SINGLE_RUN: i32 = 16;

/**
 * Columns to tiles (see lib/tiles.ts), for the tiles lo to hi.
 *
 * @param columns pointers (u32) to `count` columns of f32, each whole tiles long
 */
export function toTiles(block: i32, lo: i32, hi: i32, columns: usize, count: i32, out: usize): void {
  for (let tile = <usize>lo; tile < <usize>hi; tile++) {
    let to = out + tile * <usize>count * COLUMN;
    for (let j = 0; j < count; j++) {
      const from = <usize>load<u32>(columns + ((<usize>j) << 2)) + tile * COLUMN;
      for (let at: usize = 0; at < COLUMN; at += 32) {
        v128.store(to + at, v128.load(from + at));
        v128.store(to + at, v128.load(from + at, 16), 16);
      }
      to += COLUMN;
    }
  }
}

/**
 * Of each column over a block of tiles: the weighted sum of (x - origin) and of its square.
 *
 * @param origins f64 x columns: a value of each column, so that squares do not drown in it
 * @param out f64 x 2 columns a block
 */
export function moments(
  block: i32,
  lo: i32,
  hi: i32,
  tiles: usize,
  columns: i32,
  weights: usize,
  origins: usize,
  out: usize,
): void {
  const sums = out + <usize>block * ((<usize>columns) << 4);
  for (let tile = <usize>lo; tile < <usize>hi; tile++) {
    const w = weights + tile * COLUMN;
    let x = tiles + tile * <usize>columns * COLUMN;
    for (let j: usize = 0; j < <usize>columns; j++) {
      const origin = v128.load64_splat(origins + (j << 3));
      let sum = f64x2.splat(0);
      let squares = sum;
      for (let at: usize = 0; at < COLUMN; at += 8) {
        const d = f64x2.sub(widened(x + at), origin);
        const wd = f64x2.mul(widened(w + at), d);
        sum = f64x2.add(sum, wd);
        squares = f64x2.add(squares, f64x2.mul(wd, d));
      }
      const to = sums + (j << 4);
      store<f64>(to, load<f64>(to) + sumOfPair(sum));
      store<f64>(to, load<f64>(to, 8) + sumOfPair(squares), 8);
      x += COLUMN;
    }
  }
}

/** Loss of the rows of a tile, summed; r becomes w dloss/dz. All of them f64 but y and w. */
function residuals(loss: i32, z: usize, y: usize, w: usize, r: usize): f64 {
  let sum = f64x2.splat(0);
  for (let at: usize = 0; at < COLUMN; at += 8) {
    const score = v128.load(z + (at << 1));
    const target = widened(y + at);
    const weight = widened(w + at);
    const to = r + (at << 1);
    if (loss == LOGISTIC) sum = f64x2.add(sum, logisticPair(score, target, weight, to));
    else if (loss == POISSON) sum = f64x2.add(sum, poissonPair(score, target, weight, to));
    else sum = f64x2.add(sum, gammaPair(score, target, weight, to));
  }
  return sumOfPair(sum);
}

/** Sum of the doubles of a tile. */
function total(r: usize): f64 {
  let sum = f64x2.splat(0);
  for (let at: usize = 0; at < DOUBLES; at += 16) sum = f64x2.add(sum, v128.load(r + at));
  return sumOfPair(sum);
}

/** 32-bit floats of a tile to doubles. */
function widen(from: usize, to: usize): void {
  for (let at: usize = 0; at < COLUMN; at += 8) v128.store(to + (at << 1), widened(from + at));
}

/** Doubles of a tile to 32-bit floats. */
function narrow(from: usize, to: usize): void {
  for (let at: usize = 0; at < COLUMN; at += 8)
    v128.store64_lane(to + at, f32x4.demote_f64x2_zero(v128.load(from + (at << 1))), 0);
}

/**
 * Loss of a model with one score a row, and its gradient: in one pass z = b_0 + X b, the loss of each row, and X' r.
 *
 * @param b f64: intercept, then a coefficient for each column
 * @param loss 0 logistic, 1 Poisson, 2 gamma
 * @param out f64 x (columns + 2) a block: the loss, then the gradient as b lies
 */
export function pass(
  block: i32,
  lo: i32,
  hi: i32,
  tiles: usize,
  columns: i32,
  target: usize,
  weights: usize,
  b: usize,
  loss: i32,
  out: usize,
): void {
  const z = scratch();
  const r = z + DOUBLES;
  const g = r + DOUBLES;
  const to = out + <usize>block * ((<usize>columns + 2) << 3);
  memory.fill(g, 0, (<usize>columns) << 4);
  memory.fill(to, 0, (<usize>columns + 2) << 3);
  let sum: f64 = 0;
  let intercept: f64 = 0;
  for (let tile = <usize>lo; tile < <usize>hi; tile++) {
    const x = tiles + tile * <usize>columns * COLUMN;
    scores(x, columns, b, z);
    sum += residuals(loss, z, target + tile * COLUMN, weights + tile * COLUMN, r);
    intercept += total(r);
    gradient(x, columns, r, g);
  }
  store<f64>(to, sum);
  store<f64>(to, intercept, 8);
  flush(g, columns, to + 16);
}

/** As `pass`, with products in single precision and b in 32-bit floats; sums of more than 512 rows are in double. */
export function passSingle(
  block: i32,
  lo: i32,
  hi: i32,
  tiles: usize,
  columns: i32,
  target: usize,
  weights: usize,
  b: usize,
  loss: i32,
  out: usize,
): void {
  const z = scratch();
  const r = z + DOUBLES;
  const single = r + DOUBLES;
  const g = single + COLUMN;
  const to = out + <usize>block * ((<usize>columns + 2) << 3);
  memory.fill(g, 0, (<usize>columns) << 4);
  memory.fill(to, 0, (<usize>columns + 2) << 3);
  let sum: f64 = 0;
  let intercept: f64 = 0;
  for (let tile = <usize>lo; tile < <usize>hi; tile++) {
    const x = tiles + tile * <usize>columns * COLUMN;
    scoresSingle(x, columns, b, single);
    widen(single, z);
    sum += residuals(loss, z, target + tile * COLUMN, weights + tile * COLUMN, r);
    intercept += total(r);
    narrow(r, single);
    gradientSingle(x, columns, single, g);
    if (((<i32>tile - lo) & (SINGLE_RUN - 1)) == SINGLE_RUN - 1) flushSingle(g, columns, to + 16);
  }
  store<f64>(to, sum);
  store<f64>(to, intercept, 8);
  flushSingle(g, columns, to + 16);
}

/**
 * Of the rows of a tile and several classes: z becomes w (p - [y = class]), class after class; returns the summed loss
 * w (ln sum e^z - z_y).
 *
 * @param z f64 x rows of a tile x classes, by class
 */
function softmaxResiduals(z: usize, classes: i32, y: usize, w: usize): f64 {
  let loss = f64x2.splat(0);
  const end = <usize>classes * DOUBLES;
  for (let at: usize = 0; at < COLUMN; at += 8) {
    const own = z + (at << 1);
    const target = widened(y + at);
    const weight = widened(w + at);
    let most = v128.load(own);
    for (let k = DOUBLES; k < end; k += DOUBLES) most = f64x2.max(most, v128.load(own + k));
    let sum = f64x2.splat(0);
    let chosen = sum;
    let code: f64 = 0;
    for (let k: usize = 0; k < end; k += DOUBLES) {
      const d = f64x2.sub(v128.load(own + k), most);
      chosen = f64x2.add(chosen, v128.and(d, f64x2.eq(target, f64x2.splat(code))));
      const e = expPair(d);
      v128.store(own + k, e);
      sum = f64x2.add(sum, e);
      code += 1;
    }
    loss = f64x2.add(loss, f64x2.mul(weight, f64x2.sub(logPair(sum), chosen)));
    const factor = f64x2.div(weight, sum);
    code = 0;
    for (let k: usize = 0; k < end; k += DOUBLES) {
      const hit = v128.and(weight, f64x2.eq(target, f64x2.splat(code)));
      v128.store(own + k, f64x2.sub(f64x2.mul(factor, v128.load(own + k)), hit));
      code += 1;
    }
  }
  return sumOfPair(loss);
}

/**
 * Loss of a softmax model and its gradient.
 *
 * @param target the class of each row, f32
 * @param b f64 x classes x (columns + 1): of each class the intercept, then its coefficients
 * @param out f64 x (1 + classes x (columns + 1)) a block: the loss, then the gradient as b lies
 */
export function softmaxPass(
  block: i32,
  lo: i32,
  hi: i32,
  tiles: usize,
  columns: i32,
  target: usize,
  weights: usize,
  b: usize,
  classes: i32,
  out: usize,
): void {
  const width = <usize>columns + 1;
  const z = scratch();
  const g = z + <usize>classes * DOUBLES;
  const size = (<usize>classes * width + 1) << 3;
  const to = out + <usize>block * size;
  memory.fill(g, 0, (<usize>classes * <usize>columns) << 4);
  memory.fill(to, 0, size);
  for (let tile = <usize>lo; tile < <usize>hi; tile++) {
    const x = tiles + tile * <usize>columns * COLUMN;
    for (let k: usize = 0; k < <usize>classes; k++) scores(x, columns, b + k * (width << 3), z + k * DOUBLES);
    store<f64>(
      to,
      load<f64>(to) + softmaxResiduals(z, classes, target + tile * COLUMN, weights + tile * COLUMN),
    );
    for (let k: usize = 0; k < <usize>classes; k++) {
      const intercept = to + 8 + k * (width << 3);
      store<f64>(intercept, load<f64>(intercept) + total(z + k * DOUBLES));
      gradient(x, columns, z + k * DOUBLES, g + k * ((<usize>columns) << 4));
    }
  }
  for (let k: usize = 0; k < <usize>classes; k++)
    flush(g + k * ((<usize>columns) << 4), columns, to + 16 + k * (width << 3));
}

/** As `softmaxPass`, with products in single precision and b in 32-bit floats. */
export function softmaxPassSingle(
  block: i32,
  lo: i32,
  hi: i32,
  tiles: usize,
  columns: i32,
  target: usize,
  weights: usize,
  b: usize,
  classes: i32,
  out: usize,
): void {
  const width = <usize>columns + 1;
  const z = scratch();
  const single = z + <usize>classes * DOUBLES;
  const g = single + COLUMN;
  const size = (<usize>classes * width + 1) << 3;
  const to = out + <usize>block * size;
  memory.fill(g, 0, (<usize>classes * <usize>columns) << 4);
  memory.fill(to, 0, size);
  for (let tile = <usize>lo; tile < <usize>hi; tile++) {
    const x = tiles + tile * <usize>columns * COLUMN;
    for (let k: usize = 0; k < <usize>classes; k++) {
      scoresSingle(x, columns, b + k * (width << 2), single);
      widen(single, z + k * DOUBLES);
    }
    store<f64>(
      to,
      load<f64>(to) + softmaxResiduals(z, classes, target + tile * COLUMN, weights + tile * COLUMN),
    );
    const run = ((<i32>tile - lo) & (SINGLE_RUN - 1)) == SINGLE_RUN - 1 || <i32>tile == hi - 1;
    for (let k: usize = 0; k < <usize>classes; k++) {
      const intercept = to + 8 + k * (width << 3);
      const sums = g + k * ((<usize>columns) << 4);
      store<f64>(intercept, load<f64>(intercept) + total(z + k * DOUBLES));
      narrow(z + k * DOUBLES, single);
      gradientSingle(x, columns, single, sums);
      if (run) flushSingle(sums, columns, intercept + 8);
    }
  }
}

/**
 * Probabilities of a softmax model, by row: rows of a tile x classes, f64.
 *
 * @param b as in `softmaxPass`
 */
export function softmaxOf(
  block: i32,
  lo: i32,
  hi: i32,
  tiles: usize,
  columns: i32,
  b: usize,
  classes: i32,
  out: usize,
): void {
  const width = (<usize>columns + 1) << 3;
  const z = scratch();
  for (let tile = <usize>lo; tile < <usize>hi; tile++) {
    const x = tiles + tile * <usize>columns * COLUMN;
    for (let k: usize = 0; k < <usize>classes; k++) scores(x, columns, b + k * width, z + k * DOUBLES);
    softmaxRows(z, classes, out + tile * <usize>ROWS * ((<usize>classes) << 3));
  }
}

/** The scores of a tile, by class, to probabilities by row. */
function softmaxRows(z: usize, classes: i32, out: usize): void {
  const end = <usize>classes * DOUBLES;
  const step = (<usize>classes) << 3;
  for (let at: usize = 0; at < DOUBLES; at += 16) {
    const own = z + at;
    let most = v128.load(own);
    for (let k = DOUBLES; k < end; k += DOUBLES) most = f64x2.max(most, v128.load(own + k));
    let sum = f64x2.splat(0);
    for (let k: usize = 0; k < end; k += DOUBLES) {
      const e = expPair(f64x2.sub(v128.load(own + k), most));
      v128.store(own + k, e);
      sum = f64x2.add(sum, e);
    }
    let to = out + (at >> 3) * step;
    for (let k: usize = 0; k < end; k += DOUBLES) {
      const p = f64x2.div(v128.load(own + k), sum);
      store<f64>(to, f64x2.extract_lane(p, 0));
      store<f64>(to + step, f64x2.extract_lane(p, 1));
      to += 8;
    }
  }
}

/**
 * The curvature w p (1 - p) of each row of a logistic model.
 *
 * @param b as in `pass`
 * @param out one f32 a row
 */
export function curvatures(
  block: i32,
  lo: i32,
  hi: i32,
  tiles: usize,
  columns: i32,
  weights: usize,
  b: usize,
  out: usize,
): void {
  const z = scratch();
  const one = f64x2.splat(1);
  for (let tile = <usize>lo; tile < <usize>hi; tile++) {
    scores(tiles + tile * <usize>columns * COLUMN, columns, b, z);
    for (let at: usize = 0; at < COLUMN; at += 8) {
      const e = expPair(f64x2.neg(f64x2.abs(v128.load(z + (at << 1)))));
      const t = f64x2.add(one, e);
      const w = widened(weights + tile * COLUMN + at);
      v128.store(z + (at << 1), f64x2.div(f64x2.mul(w, e), f64x2.mul(t, t)));
    }
    narrow(z, out + tile * COLUMN);
  }
}

/** Tiles whose columns a product passes over at a time, and the bytes that a column of them takes as doubles. */
const PANEL: i32 = 4;
/** 64 bytes more than the values take: columns whose distance is a power of two would share few places of the cache. */
const PANEL_COLUMN: usize = 1088;

/**
 * The lower half of sum w u u', where u = (1, x - means): the cross products of centred columns.
 *
 * @param width columns + 1, rounded up to a multiple of 4
 * @param means f64 x columns
 * @param out f64 x width x width a block, by row; what lies above the diagonal means nothing
 */
export function gram(
  block: i32,
  lo: i32,
  hi: i32,
  tiles: usize,
  columns: i32,
  width: i32,
  weights: usize,
  means: usize,
  out: usize,
): void {
  const to = out + <usize>block * ((<usize>width * <usize>width) << 3);
  const panel = scratch();
  memory.fill(to, 0, (<usize>width * <usize>width) << 3);
  memory.fill(panel, 0, <usize>width * PANEL_COLUMN);
  for (let first = lo; first < hi; first += PANEL) {
    const count = min(PANEL, hi - first);
    // what the panel before left in the places of tiles that are not there counts for nothing
    if (count < PANEL) memory.fill(panel, 0, <usize>width * PANEL_COLUMN);
    for (let t = 0; t < count; t++) {
      const tile = <usize>(first + t);
      stage(
        tiles + tile * <usize>columns * COLUMN,
        columns,
        weights + tile * COLUMN,
        means,
        panel + <usize>t * DOUBLES,
      );
    }
    for (let i = 0; i < width; i += 2)
      for (let j = 0; j <= i + 1; j += 4)
        products(
          panel + <usize>i * PANEL_COLUMN,
          panel + <usize>j * PANEL_COLUMN,
          to + ((<usize>i * <usize>width + <usize>j) << 3),
          (<usize>width) << 3,
        );
  }
}

/** A tile as doubles times the root of the weights: the ones first, then each column less its mean. */
function stage(x: usize, columns: i32, w: usize, means: usize, panel: usize): void {
  for (let at: usize = 0; at < COLUMN; at += 8) v128.store(panel + (at << 1), f64x2.sqrt(widened(w + at)));
  for (let j: usize = 0; j < <usize>columns; j++) {
    const to = panel + (j + 1) * PANEL_COLUMN;
    const mean = v128.load64_splat(means + (j << 3));
    for (let at: usize = 0; at < COLUMN; at += 8) {
      const d = f64x2.sub(widened(x + j * COLUMN + at), mean);
      v128.store(to + (at << 1), f64x2.mul(d, v128.load(panel + (at << 1))));
    }
  }
}

/** Adds the products of two columns with four to 2 x 4 places of the result. */
function products(a: usize, b: usize, to: usize, step: usize): void {
  let s0 = f64x2.splat(0);
  let s1 = s0,
    s2 = s0,
    s3 = s0,
    t0 = s0,
    t1 = s0,
    t2 = s0,
    t3 = s0;
  const end = a + <usize>PANEL * DOUBLES;
  for (; a < end; a += 16) {
    const p = v128.load(a);
    const q = v128.load(a, 1088);
    let v = v128.load(b);
    s0 = f64x2.add(s0, f64x2.mul(p, v));
    t0 = f64x2.add(t0, f64x2.mul(q, v));
    v = v128.load(b, 1088);
    s1 = f64x2.add(s1, f64x2.mul(p, v));
    t1 = f64x2.add(t1, f64x2.mul(q, v));
    v = v128.load(b, 2176);
    s2 = f64x2.add(s2, f64x2.mul(p, v));
    t2 = f64x2.add(t2, f64x2.mul(q, v));
    v = v128.load(b, 3264);
    s3 = f64x2.add(s3, f64x2.mul(p, v));
    t3 = f64x2.add(t3, f64x2.mul(q, v));
    b += 16;
  }
  addFour(to, s0, s1, s2, s3);
  addFour(to + step, t0, t1, t2, t3);
}

// @inline
function addFour(to: usize, s0: v128, s1: v128, s2: v128, s3: v128): void {
  v128.store(to, f64x2.add(v128.load(to), paired(s0, s1)));
  v128.store(to, f64x2.add(v128.load(to, 16), paired(s2, s3)), 16);
}

/** (sum of a's lanes, sum of b's lanes). */
// @inline
function paired(a: v128, b: v128): v128 {
  const low = i8x16.shuffle(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
  const high = i8x16.shuffle(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  return f64x2.add(low, high);
}

/**
 * u' C u of each row, where u = (1, x): variances of scores.
 *
 * @param covariance f64 x (columns + 1)^2, of which only the lower half is read
 * @param out one f64 a row
 */
export function variances(
  block: i32,
  lo: i32,
  hi: i32,
  tiles: usize,
  columns: i32,
  covariance: usize,
  out: usize,
): void {
  const u = scratch();
  for (let tile = <usize>lo; tile < <usize>hi; tile++) {
    const x = tiles + tile * <usize>columns * COLUMN;
    for (let j: usize = 0; j < <usize>columns; j++) widen(x + j * COLUMN, u + j * DOUBLES);
    for (let part: usize = 0; part < DOUBLES; part += 64)
      quadratic(u + part, columns, covariance, out + tile * DOUBLES + part);
  }
}

/** u' C u of eight rows: C_00 + sum_i u_i (2 C_i0 + C_ii u_i + 2 sum_j<i C_ij u_j). */
function quadratic(u: usize, columns: i32, covariance: usize, out: usize): void {
  const two = f64x2.splat(2);
  let s0 = v128.load64_splat(covariance);
  let s1 = s0,
    s2 = s0,
    s3 = s0;
  let row = covariance;
  for (let i = 0; i < columns; i++) {
    row += (<usize>columns + 1) << 3;
    let t0 = v128.load64_splat(row);
    let t1 = t0,
      t2 = t0,
      t3 = t0;
    let v = u;
    const end = row + ((<usize>i) << 3);
    for (let at = row; at < end; at += 8) {
      const c = v128.load64_splat(at, 8);
      t0 = f64x2.add(t0, f64x2.mul(c, v128.load(v)));
      t1 = f64x2.add(t1, f64x2.mul(c, v128.load(v, 16)));
      t2 = f64x2.add(t2, f64x2.mul(c, v128.load(v, 32)));
      t3 = f64x2.add(t3, f64x2.mul(c, v128.load(v, 48)));
      v += DOUBLES;
    }
    const c = v128.load64_splat(end, 8);
    s0 = f64x2.add(s0, f64x2.mul(v128.load(v), f64x2.add(f64x2.mul(two, t0), f64x2.mul(c, v128.load(v)))));
    s1 = f64x2.add(
      s1,
      f64x2.mul(v128.load(v, 16), f64x2.add(f64x2.mul(two, t1), f64x2.mul(c, v128.load(v, 16)))),
    );
    s2 = f64x2.add(
      s2,
      f64x2.mul(v128.load(v, 32), f64x2.add(f64x2.mul(two, t2), f64x2.mul(c, v128.load(v, 32)))),
    );
    s3 = f64x2.add(
      s3,
      f64x2.mul(v128.load(v, 48), f64x2.add(f64x2.mul(two, t3), f64x2.mul(c, v128.load(v, 48)))),
    );
  }
  v128.store(out, s0);
  v128.store(out, s1, 16);
  v128.store(out, s2, 32);
  v128.store(out, s3, 48);
}
