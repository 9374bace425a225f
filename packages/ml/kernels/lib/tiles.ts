// A tile holds 32 rows by column: value j of row i lies at tile[j * 32 + i], as 32-bit floats. So the values that one
// coefficient meets lie side by side, and the tile stays in the first cache while it is passed over twice.
import { sumOf } from './simd';
import { sumOfPair, widened } from './pair';

/** Rows of a tile. */
export const ROWS: i32 = 32;
/** Bytes that one column of a tile takes. */
export const COLUMN: usize = 128;
/** Bytes of a double for each row of a tile. */
export const DOUBLES: usize = 256;

/** z = b_0 + X b of the rows of a tile, in double precision. */
export function scores(tile: usize, columns: i32, b: usize, z: usize): void {
  // half a tile at a time: eight sums fit into the registers
  for (let half: usize = 0; half < COLUMN; half += 64) {
    let z0 = v128.load64_splat(b);
    let z1 = z0,
      z2 = z0,
      z3 = z0,
      z4 = z0,
      z5 = z0,
      z6 = z0,
      z7 = z0;
    let x = tile + half;
    const end = b + ((<usize>columns + 1) << 3);
    for (let at = b + 8; at < end; at += 8) {
      const w = v128.load64_splat(at);
      z0 = f64x2.add(z0, f64x2.mul(w, widened(x)));
      z1 = f64x2.add(z1, f64x2.mul(w, widened(x + 8)));
      z2 = f64x2.add(z2, f64x2.mul(w, widened(x + 16)));
      z3 = f64x2.add(z3, f64x2.mul(w, widened(x + 24)));
      z4 = f64x2.add(z4, f64x2.mul(w, widened(x + 32)));
      z5 = f64x2.add(z5, f64x2.mul(w, widened(x + 40)));
      z6 = f64x2.add(z6, f64x2.mul(w, widened(x + 48)));
      z7 = f64x2.add(z7, f64x2.mul(w, widened(x + 56)));
      x += COLUMN;
    }
    const to = z + (half << 1);
    v128.store(to, z0);
    v128.store(to, z1, 16);
    v128.store(to, z2, 32);
    v128.store(to, z3, 48);
    v128.store(to, z4, 64);
    v128.store(to, z5, 80);
    v128.store(to, z6, 96);
    v128.store(to, z7, 112);
  }
}

/** Adds X' r of the rows of a tile to g: two partial sums (f64) for each column. */
export function gradient(tile: usize, columns: i32, r: usize, g: usize): void {
  for (let half: usize = 0; half < COLUMN; half += 64) {
    const from = r + (half << 1);
    const r0 = v128.load(from),
      r1 = v128.load(from, 16),
      r2 = v128.load(from, 32),
      r3 = v128.load(from, 48);
    const r4 = v128.load(from, 64),
      r5 = v128.load(from, 80),
      r6 = v128.load(from, 96),
      r7 = v128.load(from, 112);
    let x = tile + half;
    const end = g + ((<usize>columns) << 4);
    for (let at = g; at < end; at += 16) {
      let s = f64x2.add(v128.load(at), f64x2.mul(r0, widened(x)));
      let t = f64x2.mul(r1, widened(x + 8));
      s = f64x2.add(s, f64x2.mul(r2, widened(x + 16)));
      t = f64x2.add(t, f64x2.mul(r3, widened(x + 24)));
      s = f64x2.add(s, f64x2.mul(r4, widened(x + 32)));
      t = f64x2.add(t, f64x2.mul(r5, widened(x + 40)));
      s = f64x2.add(s, f64x2.mul(r6, widened(x + 48)));
      t = f64x2.add(t, f64x2.mul(r7, widened(x + 56)));
      v128.store(at, f64x2.add(s, t));
      x += COLUMN;
    }
  }
}

/** As `scores`, in single precision: b and z are 32-bit floats. */
export function scoresSingle(tile: usize, columns: i32, b: usize, z: usize): void {
  let z0 = v128.load32_splat(b);
  let z1 = z0,
    z2 = z0,
    z3 = z0,
    z4 = z0,
    z5 = z0,
    z6 = z0,
    z7 = z0;
  let x = tile;
  const end = b + ((<usize>columns + 1) << 2);
  for (let at = b + 4; at < end; at += 4) {
    const w = v128.load32_splat(at);
    z0 = f32x4.add(z0, f32x4.mul(w, v128.load(x)));
    z1 = f32x4.add(z1, f32x4.mul(w, v128.load(x, 16)));
    z2 = f32x4.add(z2, f32x4.mul(w, v128.load(x, 32)));
    z3 = f32x4.add(z3, f32x4.mul(w, v128.load(x, 48)));
    z4 = f32x4.add(z4, f32x4.mul(w, v128.load(x, 64)));
    z5 = f32x4.add(z5, f32x4.mul(w, v128.load(x, 80)));
    z6 = f32x4.add(z6, f32x4.mul(w, v128.load(x, 96)));
    z7 = f32x4.add(z7, f32x4.mul(w, v128.load(x, 112)));
    x += COLUMN;
  }
  v128.store(z, z0);
  v128.store(z, z1, 16);
  v128.store(z, z2, 32);
  v128.store(z, z3, 48);
  v128.store(z, z4, 64);
  v128.store(z, z5, 80);
  v128.store(z, z6, 96);
  v128.store(z, z7, 112);
}

/** As `gradient`, in single precision: r is 32-bit floats, g has four partial sums (f32) for each column. */
export function gradientSingle(tile: usize, columns: i32, r: usize, g: usize): void {
  const r0 = v128.load(r),
    r1 = v128.load(r, 16),
    r2 = v128.load(r, 32),
    r3 = v128.load(r, 48);
  const r4 = v128.load(r, 64),
    r5 = v128.load(r, 80),
    r6 = v128.load(r, 96),
    r7 = v128.load(r, 112);
  let x = tile;
  const end = g + ((<usize>columns) << 4);
  for (let at = g; at < end; at += 16) {
    let s = f32x4.add(v128.load(at), f32x4.mul(r0, v128.load(x)));
    let t = f32x4.mul(r1, v128.load(x, 16));
    s = f32x4.add(s, f32x4.mul(r2, v128.load(x, 32)));
    t = f32x4.add(t, f32x4.mul(r3, v128.load(x, 48)));
    s = f32x4.add(s, f32x4.mul(r4, v128.load(x, 64)));
    t = f32x4.add(t, f32x4.mul(r5, v128.load(x, 80)));
    s = f32x4.add(s, f32x4.mul(r6, v128.load(x, 96)));
    t = f32x4.add(t, f32x4.mul(r7, v128.load(x, 112)));
    v128.store(at, f32x4.add(s, t));
    x += COLUMN;
  }
}

/** Adds each column's partial sums of `gradientSingle` to out (f64), and clears them. */
export function flushSingle(g: usize, columns: i32, out: usize): void {
  for (let j: usize = 0; j < <usize>columns; j++) {
    const at = g + (j << 4);
    const to = out + (j << 3);
    store<f64>(to, load<f64>(to) + <f64>sumOf(v128.load(at)));
    v128.store(at, f32x4.splat(0));
  }
}

/** Adds each column's partial sums of `gradient` to out (f64), and clears them. */
export function flush(g: usize, columns: i32, out: usize): void {
  for (let j: usize = 0; j < <usize>columns; j++) {
    const at = g + (j << 4);
    const to = out + (j << 3);
    store<f64>(to, load<f64>(to) + sumOfPair(v128.load(at)));
    v128.store(at, f64x2.splat(0));
  }
}
