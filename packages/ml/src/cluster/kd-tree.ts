/**
 * Points of a few columns, cut in halves until few are left together (Bentley 1975): finds what is near a place without
 * measuring all. It helps up to some ten columns; beyond, nearly all are measured.
 */
export interface KdTree {
  readonly width: number;
  /** Points x width, by point, in the order of `order`. */
  readonly points: Float64Array;
  /** For each place in `points`: the row that the point was given as. */
  readonly order: Uint32Array;
  readonly nodes: readonly KdNode[];
}

export interface KdNode {
  /** Places of its points: from here up to, not including, `to`. */
  from: number;
  to: number;
  /** Bounds of its points: the least of each column, then the most. */
  box: Float64Array;
  /** Positions of its halves among the nodes; -1 where it is not cut. */
  low: number;
  high: number;
}

const LEAF = 16;

/** @param columns of numbers, one value a row */
export function kdTree(columns: readonly Float32Array[], rows: number): KdTree {
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  const nodes: KdNode[] = [];
  cut(columns, order, 0, rows, nodes);
  const width = columns.length;
  const points = new Float64Array(rows * width);
  order.forEach((row, at) => columns.forEach((column, j) => (points[at * width + j] = column[row])));
  return { width, points, order, nodes };
}

/** Adds the node of these places and all below it; returns its position. */
function cut(
  columns: readonly Float32Array[],
  order: Uint32Array,
  from: number,
  to: number,
  nodes: KdNode[],
): number {
  const box = boxOf(columns, order, from, to);
  const node: KdNode = { from, to, box, low: -1, high: -1 };
  const position = nodes.push(node) - 1;
  const widest = widestOf(box, columns.length);
  if (to - from <= LEAF || widest < 0) return position;
  const column = columns[widest];
  order.subarray(from, to).sort((a, b) => column[a] - column[b] || a - b);
  const middle = (from + to) >> 1;
  node.low = cut(columns, order, from, middle, nodes);
  node.high = cut(columns, order, middle, to, nodes);
  return position;
}

function boxOf(columns: readonly Float32Array[], order: Uint32Array, from: number, to: number): Float64Array {
  const width = columns.length;
  const box = new Float64Array(2 * width).fill(Infinity, 0, width).fill(-Infinity, width);
  for (let at = from; at < to; at++)
    for (let j = 0; j < width; j++) {
      const value = columns[j][order[at]];
      box[j] = Math.min(box[j], value);
      box[width + j] = Math.max(box[width + j], value);
    }
  return box;
}

/** The column whose bounds lie farthest apart; -1 where all points are one. */
function widestOf(box: Float64Array, width: number): number {
  let [widest, most] = [-1, 0];
  for (let j = 0; j < width; j++)
    if (box[width + j] - box[j] > most) [widest, most] = [j, box[width + j] - box[j]];
  return widest;
}

/** Squared distance of a place from the nearest point of a box. */
export function squaredFromBox(box: Float64Array, place: Float64Array): number {
  const width = place.length;
  let sum = 0;
  for (let j = 0; j < width; j++) {
    const off = Math.max(box[j] - place[j], place[j] - box[width + j], 0);
    sum += off * off;
  }
  return sum;
}

/** Squared distance of a place from the point at a place of the tree. */
export function squaredFrom({ points, width }: KdTree, at: number, place: Float64Array): number {
  let sum = 0;
  for (let j = 0, from = at * width; j < width; j++, from++) {
    const off = points[from] - place[j];
    sum += off * off;
  }
  return sum;
}

/** Calls `visit` for every point within a radius, its place in the tree and its squared distance. */
export function within(
  tree: KdTree,
  place: Float64Array,
  radius: number,
  visit: (at: number, squared: number) => void,
  position = 0,
): void {
  const node = tree.nodes[position];
  const most = radius * radius;
  if (squaredFromBox(node.box, place) > most) return;
  if (node.low >= 0) {
    within(tree, place, radius, visit, node.low);
    within(tree, place, radius, visit, node.high);
    return;
  }
  for (let at = node.from; at < node.to; at++) {
    const squared = squaredFrom(tree, at, place);
    if (squared <= most) visit(at, squared);
  }
}

/** The nearest points of a place, nearest first: where they stand in the tree, and their squared distances. */
export interface Nearby {
  places: Int32Array;
  squares: Float64Array;
}

/** The `count` nearest points; places are -1 where there are not so many. */
export function nearestTo(tree: KdTree, place: Float64Array, count: number): Nearby {
  const found = { places: new Int32Array(count).fill(-1), squares: new Float64Array(count).fill(Infinity) };
  search(tree, 0, place, found);
  return found;
}

function search(tree: KdTree, position: number, place: Float64Array, found: Nearby): void {
  const node = tree.nodes[position];
  const last = found.squares.length - 1;
  if (squaredFromBox(node.box, place) >= found.squares[last]) return;
  if (node.low < 0) {
    for (let at = node.from; at < node.to; at++) insert(found, at, squaredFrom(tree, at, place));
    return;
  }
  const [low, high] = [node.low, node.high];
  const isLowNearer =
    squaredFromBox(tree.nodes[low].box, place) <= squaredFromBox(tree.nodes[high].box, place);
  search(tree, isLowNearer ? low : high, place, found);
  search(tree, isLowNearer ? high : low, place, found);
}

function insert({ places, squares }: Nearby, at: number, squared: number): void {
  let to = squares.length - 1;
  if (squared >= squares[to]) return;
  for (; to > 0 && squares[to - 1] > squared; to--) {
    squares[to] = squares[to - 1];
    places[to] = places[to - 1];
  }
  [squares[to], places[to]] = [squared, at];
}

/** The point at a place of the tree. */
export function pointAt({ points, width }: KdTree, at: number): Float64Array {
  return points.subarray(at * width, (at + 1) * width);
}

/** The values of one row. */
export function rowOf(columns: readonly Float32Array[], row: number): Float64Array {
  return Float64Array.from(columns, column => column[row]);
}
