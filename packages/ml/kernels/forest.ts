import { toRows } from './lib/columns';
import { scratch } from './lib/thread';
export { setScratch } from './lib/thread';
export { toRows } from './lib/columns';

// A node is 16 bytes: head, threshold or position of its set, and how many bytes after the first node its left and its
// right child lie. The head is the column's position, with the bits below. A leaf is its own child on both sides, so that
// rows that have arrived may wait for those that have not.
const LEAF: i32 = 1 << 31;
const MISSING_LEFT: i32 = 1 << 30;
const CATEGORICAL: i32 = 1 << 29;
const COLUMN: i32 = CATEGORICAL - 1;

/** Rows that are walked together: by rows, as they lie in scratch, they fit into the processor's first cache. */
const TOGETHER: i32 = 64;

// @inline
function at4(base: usize, i: i32): usize {
  return base + ((<usize>i) << 2);
}

// @inline
function at8(base: usize, i: i32): usize {
  return base + ((<usize>i) << 3);
}

/** Whether a category is of the set; a missing one, and one beyond the set's words, goes where missing values go. */
function inSet(value: f32, position: i32, words: i32, sets: usize, missing: bool): bool {
  if (value != value) return missing;
  const category = <i32>value;
  const word = category >> 5;
  if (<u32>word >= <u32>words) return missing;
  return ((load<u32>(at4(sets, position + word)) >> (category & 31)) & 1) != 0;
}

/** Whether a row goes left at a node. */
// @inline
function goesLeft(node: usize, row: usize, sets: usize, setWords: usize): bool {
  const head = load<i32>(node);
  const value = load<f32>(at4(row, head & COLUMN));
  const missing = (head & MISSING_LEFT) != 0;
  if ((head & CATEGORICAL) != 0)
    return inSet(value, load<i32>(node, 4), load<i32>(at4(setWords, head & COLUMN)), sets, missing);
  return <bool>((<i32>(value <= load<f32>(node, 4))) | ((<i32>(value != value)) & (<i32>missing)));
}

/** The child that a row goes on to. */
// @inline
function next(nodes: usize, node: usize, row: usize, sets: usize, setWords: usize): usize {
  const right = <usize>!goesLeft(node, row, sets, setWords);
  return nodes + load<u32>(node + (right << 2), 8);
}

// @inline
function addLeaf(target: usize, values: usize, leaf: usize, width: i32): void {
  for (let k = 0; k < width; k++) {
    const place = at8(target, k);
    store<f64>(place, load<f64>(place) + load<f64>(at8(values, <i32>leaf * width + k)));
  }
}

/** Adds one tree's leaf values for `rows` rows of `stride` bytes: four rows at a time, so that their loads overlap. */
function addTree(
  rows: i32,
  row: usize,
  stride: usize,
  nodes: usize,
  root: usize,
  sets: usize,
  setWords: usize,
  values: usize,
  width: i32,
  target: usize,
  step: usize,
): void {
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    const row1 = row + stride;
    const row2 = row1 + stride;
    const row3 = row2 + stride;
    let a = root;
    let b = root;
    let c = root;
    let d = root;
    while ((load<i32>(a) & load<i32>(b) & load<i32>(c) & load<i32>(d)) >= 0) {
      a = next(nodes, a, row, sets, setWords);
      b = next(nodes, b, row1, sets, setWords);
      c = next(nodes, c, row2, sets, setWords);
      d = next(nodes, d, row3, sets, setWords);
    }
    addLeaf(target, values, (a - nodes) >> 4, width);
    addLeaf(target + step, values, (b - nodes) >> 4, width);
    addLeaf(target + 2 * step, values, (c - nodes) >> 4, width);
    addLeaf(target + 3 * step, values, (d - nodes) >> 4, width);
    row = row3 + stride;
    target += 4 * step;
  }
  for (; i < rows; i++) {
    let a = root;
    while (load<i32>(a) >= 0) a = next(nodes, a, row, sets, setWords);
    addLeaf(target, values, (a - nodes) >> 4, width);
    row += stride;
    target += step;
  }
}

/**
 * The sums of the trees' leaf values for the rows `lo` to `hi`, in the order of the trees. Scratch holds 64 rows of `count`
 * values, rounded up to a multiple of 4.
 *
 * @param columns pointers (u32) to `count` columns of f32
 * @param nodes as packed above; `sets` and `setWords` (by column) as in a Forest
 * @param roots u32, the first node of each of `trees` trees; `output` the output (u32) that its values begin at
 * @param values f64, nodes x width
 * @param out f64, rows x outputs
 */
export function predict(
  block: i32,
  lo: i32,
  hi: i32,
  columns: usize,
  count: i32,
  nodes: usize,
  sets: usize,
  setWords: usize,
  roots: usize,
  output: usize,
  trees: i32,
  values: usize,
  width: i32,
  outputs: i32,
  out: usize,
): void {
  const stride = (count + 3) & ~3;
  const bytes = (<usize>stride) << 2;
  const step = (<usize>outputs) << 3;
  const rows = scratch();
  for (let from = lo; from < hi; from += TOGETHER) {
    const to = min(from + TOGETHER, hi);
    toRows(0, from, to, columns, count, rows - <usize>from * bytes, stride);
    for (let t = 0; t < trees; t++) {
      const root = nodes + ((<usize>load<u32>(at4(roots, t))) << 4);
      const target = at8(out, from * outputs + load<i32>(at4(output, t)));
      addTree(to - from, rows, bytes, nodes, root, sets, setWords, values, width, target, step);
    }
  }
}

// What a tree is to `shap`: eight words. Its first node, how many nodes it has, points of its quadrature (even), its
// first output, and where its tables begin, in units of 16 bytes.
const TREE_BYTES: usize = 32;

/**
 * Down the tree: the state of each edge (0: this row passes it and every edge of the same column before it; 1: it leaves
 * that column's path here; 2: it had left before), and the product of all factors at each point of the quadrature.
 */
function descend(
  nodes: usize,
  first: usize,
  count: i32,
  row: usize,
  sets: usize,
  setWords: usize,
  previous: usize,
  tables: usize,
  vector: usize,
  products: usize,
  states: usize,
): void {
  for (let k: usize = 0; k < vector; k += 16) v128.store(products + k, f64x2.splat(1));
  for (let n = 0; n < count; n++) {
    const node = first + ((<usize>n) << 4);
    if (load<i32>(node) < 0) continue;
    const before = load<i32>(at4(previous, n));
    const left = (nodes + load<u32>(node, 8) - first) >> 4;
    const right = (nodes + load<u32>(node, 12) - first) >> 4;
    let leftState: usize = 2;
    let rightState: usize = 2;
    if (before < 0 || load<u8>(states + <usize>before) == 0) {
      leftState = <usize>!goesLeft(node, row, sets, setWords);
      rightState = 1 - leftState;
    }
    store<u8>(states + left, <u8>leftState);
    store<u8>(states + right, <u8>rightState);
    const from = products + <usize>n * vector;
    const toLeft = products + left * vector;
    const toRight = products + right * vector;
    const byLeft = tables + (left * 6 + leftState) * vector;
    const byRight = tables + (right * 6 + rightState) * vector;
    for (let k: usize = 0; k < vector; k += 16) {
      const product = v128.load(from + k);
      v128.store(toLeft + k, f64x2.mul(product, v128.load(byLeft + k)));
      v128.store(toRight + k, f64x2.mul(product, v128.load(byRight + k)));
    }
  }
}

/** Up the tree: sums of the leaves below each edge, and from each edge its share of the column's value. */
function ascend(
  nodes: usize,
  first: usize,
  count: i32,
  tables: usize,
  vector: usize,
  products: usize,
  sums: usize,
  states: usize,
  values: usize,
  width: i32,
  out: usize,
): void {
  for (let n = count - 1; n >= 0; n--) {
    const node = first + ((<usize>n) << 4);
    const to = sums + <usize>n * vector;
    if (load<i32>(node) < 0) {
      const value = f64x2.splat(load<f64>(at8(values, n * width)));
      const from = products + <usize>n * vector;
      for (let k: usize = 0; k < vector; k += 16) v128.store(to + k, f64x2.mul(value, v128.load(from + k)));
      continue;
    }
    const left = (nodes + load<u32>(node, 8) - first) >> 4;
    const right = (nodes + load<u32>(node, 12) - first) >> 4;
    const byLeft = tables + (left * 6 + 3 + <usize>load<u8>(states + left)) * vector;
    const byRight = tables + (right * 6 + 3 + <usize>load<u8>(states + right)) * vector;
    let share = f64x2.splat(0);
    for (let k: usize = 0; k < vector; k += 16) {
      const l = v128.load(sums + left * vector + k);
      const r = v128.load(sums + right * vector + k);
      v128.store(to + k, f64x2.add(l, r));
      share = f64x2.add(share, f64x2.mul(l, v128.load(byLeft + k)));
      share = f64x2.add(share, f64x2.mul(r, v128.load(byRight + k)));
    }
    const place = at8(out, load<i32>(node) & COLUMN);
    store<f64>(place, load<f64>(place) + f64x2.extract_lane(share, 0) + f64x2.extract_lane(share, 1));
  }
}

/**
 * Adds the Shapley values of `count` trees for the rows `lo` to `hi`; src/trees/shap.ts says by what sums, and makes the
 * tables. Scratch holds 64 rows as `predict` has them, then for the largest tree a byte a node, rounded up to a multiple
 * of 16, and two vectors of its quadrature a node.
 *
 * @param trees described above
 * @param tables f64, three vectors of factors and three of shares to each node of each tree
 * @param previous i32 by node: the child in its tree on the nearest edge above that asked for the same column, or -1
 * @param most nodes of the largest tree, rounded up to a multiple of 16
 * @param out f64, rows x outputs x columns
 */
export function shap(
  block: i32,
  lo: i32,
  hi: i32,
  columns: usize,
  columnCount: i32,
  nodes: usize,
  sets: usize,
  setWords: usize,
  trees: usize,
  count: i32,
  tables: usize,
  previous: usize,
  values: usize,
  width: i32,
  outputs: i32,
  most: i32,
  mostVectors: i32,
  out: usize,
): void {
  const stride = (columnCount + 3) & ~3;
  const bytes = (<usize>stride) << 2;
  const rows = scratch();
  const states = rows + <usize>TOGETHER * bytes;
  const products = states + <usize>most;
  const sums = products + ((<usize>mostVectors) << 3);
  for (let from = lo; from < hi; from += TOGETHER) {
    const to = min(from + TOGETHER, hi);
    toRows(0, from, to, columns, columnCount, rows - <usize>from * bytes, stride);
    for (let t = 0; t < count; t++) {
      const tree = trees + <usize>t * TREE_BYTES;
      const root = load<i32>(tree);
      const size = load<i32>(tree, 4);
      const vector = (<usize>load<u32>(tree, 8)) << 3;
      const output = load<i32>(tree, 12);
      const own = tables + ((<usize>load<u32>(tree, 16)) << 4);
      const first = nodes + ((<usize>root) << 4);
      for (let i = from; i < to; i++) {
        const row = rows + <usize>(i - from) * bytes;
        descend(nodes, first, size, row, sets, setWords, at4(previous, root), own, vector, products, states);
        for (let k = 0; k < width; k++) {
          const place = at8(out, (i * outputs + output + k) * columnCount);
          const leaf = at8(values, root * width + k);
          ascend(nodes, first, size, own, vector, products, sums, states, leaf, width, place);
        }
      }
    }
  }
}
