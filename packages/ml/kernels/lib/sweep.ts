// The inverse of a symmetric positive definite matrix by sweeping it, 64 columns at a time (Goodnight 1979): the pivot
// block D = A_kk, V = A_.k, W = V D^-1; then A_ij -= W_i V_j' for i and j other than k, A_.k = W, A_kk = -D^-1. Once
// every block was the pivot the matrix is minus its inverse. Its lower half is kept, in rows of `n` doubles, a multiple
// of 64; each step costs what a step of Cholesky's method does on the whole matrix, and no triangle has to be inverted
// afterwards.

const SIDE: usize = 64;
const ROW: usize = 512; // bytes of a row of a panel

/** For each block of rows `lo` to `hi`: V of the pivot block, and W. */
export function sweepPanel(
  block: i32,
  lo: i32,
  hi: i32,
  a: usize,
  n: i32,
  pivot: i32,
  inverse: usize,
  v: usize,
  w: usize,
): void {
  const row = (<usize>n) << 3;
  for (let i = lo; i < hi; i++) {
    const own = v + <usize>i * SIDE * ROW;
    const beside = a + <usize>i * SIDE * row + <usize>pivot * ROW;
    const above = a + <usize>pivot * SIDE * row + <usize>i * ROW;
    for (let r: usize = 0; r < SIDE; r++)
      if (i >= pivot) memory.copy(own + r * ROW, beside + r * row, ROW);
      else
        for (let c: usize = 0; c < SIDE; c++)
          store<f64>(own + r * ROW + (c << 3), load<f64>(above + c * row + (r << 3)));
    const to = w + <usize>i * SIDE * ROW;
    memory.fill(to, 0, SIDE * ROW);
    // D^-1 is symmetric: its rows are its columns
    subtractProduct(to, ROW, own, inverse);
    for (let c: usize = 0; c < SIDE * ROW; c += 16) v128.store(to + c, f64x2.neg(v128.load(to + c)));
  }
}

/** For each block of rows `lo` to `hi` of the lower half: the step itself. */
export function sweepUpdate(
  block: i32,
  lo: i32,
  hi: i32,
  a: usize,
  n: i32,
  pivot: i32,
  inverse: usize,
  v: usize,
  w: usize,
): void {
  const row = (<usize>n) << 3;
  for (let i = lo; i < hi; i++)
    for (let j = 0; j <= i; j++) {
      const to = a + <usize>i * SIDE * row + <usize>j * ROW;
      if (i == pivot && j == pivot) placeNegative(to, row, inverse);
      else if (j == pivot) place(to, row, w + <usize>i * SIDE * ROW);
      else if (i == pivot) placeTurned(to, row, w + <usize>j * SIDE * ROW);
      else subtractProduct(to, row, w + <usize>i * SIDE * ROW, v + <usize>j * SIDE * ROW);
    }
}

function placeNegative(to: usize, row: usize, block: usize): void {
  for (let r: usize = 0; r < SIDE; r++)
    for (let c: usize = 0; c < ROW; c += 16)
      v128.store(to + r * row + c, f64x2.neg(v128.load(block + r * ROW + c)));
}

function place(to: usize, row: usize, block: usize): void {
  for (let r: usize = 0; r < SIDE; r++) memory.copy(to + r * row, block + r * ROW, ROW);
}

function placeTurned(to: usize, row: usize, block: usize): void {
  for (let r: usize = 0; r < SIDE; r++)
    for (let c: usize = 0; c < SIDE; c++)
      store<f64>(to + r * row + (c << 3), load<f64>(block + c * ROW + (r << 3)));
}

/** C -= X Y' of 64 x 64 values; `row` is the distance of the rows of C in bytes. */
function subtractProduct(c: usize, row: usize, x: usize, y: usize): void {
  for (let i: usize = 0; i < SIDE; i += 2)
    for (let j: usize = 0; j < SIDE; j += 4)
      subtractTile(c + i * row + (j << 3), row, x + i * ROW, y + j * ROW);
}

/** Two rows by four columns; eight pairs of sums stay in registers. */
function subtractTile(c: usize, row: usize, x: usize, y: usize): void {
  let a0 = f64x2.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  for (let k: usize = 0; k < ROW; k += 16) {
    const p = v128.load(x + k);
    const q = v128.load(x + k, 512);
    let z = v128.load(y + k);
    a0 = f64x2.add(a0, f64x2.mul(p, z));
    b0 = f64x2.add(b0, f64x2.mul(q, z));
    z = v128.load(y + k, 512);
    a1 = f64x2.add(a1, f64x2.mul(p, z));
    b1 = f64x2.add(b1, f64x2.mul(q, z));
    z = v128.load(y + k, 1024);
    a2 = f64x2.add(a2, f64x2.mul(p, z));
    b2 = f64x2.add(b2, f64x2.mul(q, z));
    z = v128.load(y + k, 1536);
    a3 = f64x2.add(a3, f64x2.mul(p, z));
    b3 = f64x2.add(b3, f64x2.mul(q, z));
  }
  subtractSums(c, a0, a1);
  subtractSums(c + 16, a2, a3);
  subtractSums(c + row, b0, b1);
  subtractSums(c + row + 16, b2, b3);
}

// @inline
function subtractSums(to: usize, a: v128, b: v128): void {
  const even = i8x16.shuffle(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
  const odd = i8x16.shuffle(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  v128.store(to, f64x2.sub(v128.load(to), f64x2.add(even, odd)));
}
