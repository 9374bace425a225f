import { multiplyAdd } from './simd';

/** So many steps of depth at a time: what they read of `b` for eight columns stays in the first cache. */
const DEPTH = 256;

/**
 * C = start + A B, in f32 by tiles of 4 x 8 that stay in registers. Distances are in bytes.
 *
 * @param aRow from one row of A to the next
 * @param aStep from one column of A to the next; a transposed matrix has the two exchanged
 * @param rows of A and C; their memory goes on to a multiple of four, whose rows hold nothing of worth afterwards
 * @param bRow from one row of B to the next; its columns lie side by side
 * @param depth columns of A, rows of B
 * @param start what is added to; `startRow` from one row of it to the next, 0 where one row is added to all. C itself
 *   where the product is added to what it holds
 * @param columns of B and C, a multiple of four
 */
export function product(
  a: usize,
  aRow: usize,
  aStep: usize,
  rows: i32,
  b: usize,
  bRow: usize,
  depth: i32,
  start: usize,
  startRow: usize,
  c: usize,
  cRow: usize,
  columns: i32,
): void {
  let from = 0;
  do {
    const steps = min(DEPTH, depth - from);
    const aFrom = a + <usize>from * aStep;
    const bFrom = b + <usize>from * bRow;
    let j = 0;
    for (; j + 8 <= columns; j += 8)
      panel8(
        aFrom,
        aRow,
        aStep,
        rows,
        bFrom + ((<usize>j) << 2),
        bRow,
        steps,
        start + ((<usize>j) << 2),
        startRow,
        c + ((<usize>j) << 2),
        cRow,
      );
    if (j < columns)
      panel4(
        aFrom,
        aRow,
        aStep,
        rows,
        bFrom + ((<usize>j) << 2),
        bRow,
        steps,
        start + ((<usize>j) << 2),
        startRow,
        c + ((<usize>j) << 2),
        cRow,
      );
    start = c;
    startRow = cRow;
    from += DEPTH;
  } while (from < depth);
}

/** Eight columns of C. */
function panel8(
  a: usize,
  aRow: usize,
  aStep: usize,
  rows: i32,
  b: usize,
  bRow: usize,
  depth: i32,
  start: usize,
  startRow: usize,
  c: usize,
  cRow: usize,
): void {
  for (let i = 0; i < rows; i += 4) {
    tile8(a, aRow, aStep, b, bRow, depth, start, startRow, c, cRow);
    a += aRow << 2;
    start += startRow << 2;
    c += cRow << 2;
  }
}

function tile8(
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  depth: i32,
  start: usize,
  startRow: usize,
  c: usize,
  cRow: usize,
): void {
  const twice = aRow << 1;
  const thrice = aRow * 3;
  let at = start;
  let c00 = v128.load(at);
  let c01 = v128.load(at, 16);
  at += startRow;
  let c10 = v128.load(at);
  let c11 = v128.load(at, 16);
  at += startRow;
  let c20 = v128.load(at);
  let c21 = v128.load(at, 16);
  at += startRow;
  let c30 = v128.load(at);
  let c31 = v128.load(at, 16);
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = multiplyAdd(x, b0, c00);
    c01 = multiplyAdd(x, b1, c01);
    x = v128.load32_splat(a + aRow);
    c10 = multiplyAdd(x, b0, c10);
    c11 = multiplyAdd(x, b1, c11);
    x = v128.load32_splat(a + twice);
    c20 = multiplyAdd(x, b0, c20);
    c21 = multiplyAdd(x, b1, c21);
    x = v128.load32_splat(a + thrice);
    c30 = multiplyAdd(x, b0, c30);
    c31 = multiplyAdd(x, b1, c31);
    a += aStep;
    b += bRow;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += cRow;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += cRow;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += cRow;
  v128.store(c, c30);
  v128.store(c, c31, 16);
}

/** Four columns of C. */
function panel4(
  a: usize,
  aRow: usize,
  aStep: usize,
  rows: i32,
  b: usize,
  bRow: usize,
  depth: i32,
  start: usize,
  startRow: usize,
  c: usize,
  cRow: usize,
): void {
  for (let i = 0; i < rows; i += 4) {
    tile4(a, aRow, aStep, b, bRow, depth, start, startRow, c, cRow);
    a += aRow << 2;
    start += startRow << 2;
    c += cRow << 2;
  }
}

function tile4(
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  depth: i32,
  start: usize,
  startRow: usize,
  c: usize,
  cRow: usize,
): void {
  let c0 = v128.load(start);
  let c1 = v128.load(start + startRow);
  let c2 = v128.load(start + (startRow << 1));
  let c3 = v128.load(start + startRow * 3);
  for (let k = 0; k < depth; k++) {
    const row = v128.load(b);
    c0 = multiplyAdd(v128.load32_splat(a), row, c0);
    c1 = multiplyAdd(v128.load32_splat(a + aRow), row, c1);
    c2 = multiplyAdd(v128.load32_splat(a + (aRow << 1)), row, c2);
    c3 = multiplyAdd(v128.load32_splat(a + aRow * 3), row, c3);
    a += aStep;
    b += bRow;
  }
  v128.store(c, c0);
  v128.store(c + cRow, c1);
  v128.store(c + (cRow << 1), c2);
  v128.store(c + cRow * 3, c3);
}

/** B = A', both with a multiple of four rows and columns in memory; distances in bytes. */
export function transpose(a: usize, aRow: usize, rows: i32, columns: i32, b: usize, bRow: usize): void {
  for (let i = 0; i < rows; i += 4)
    for (let j = 0; j < columns; j += 4)
      transpose4(
        a + <usize>i * aRow + ((<usize>j) << 2),
        aRow,
        b + <usize>j * bRow + ((<usize>i) << 2),
        bRow,
      );
}

function transpose4(a: usize, aRow: usize, b: usize, bRow: usize): void {
  const r0 = v128.load(a);
  const r1 = v128.load(a + aRow);
  const r2 = v128.load(a + (aRow << 1));
  const r3 = v128.load(a + aRow * 3);
  const low01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5);
  const high01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
  const low23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
  const high23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
  v128.store(b, i64x2.shuffle(low01, low23, 0, 2));
  v128.store(b + bRow, i64x2.shuffle(low01, low23, 1, 3));
  v128.store(b + (bRow << 1), i64x2.shuffle(high01, high23, 0, 2));
  v128.store(b + bRow * 3, i64x2.shuffle(high01, high23, 1, 3));
}
