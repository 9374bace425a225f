import { logarithm } from './lib/logarithm';
import { randomBelow, randomUniform } from './lib/random';
import { scratch } from './lib/thread';
export { setScratch } from './lib/thread';
export { toRows } from './lib/columns';
export { binCodes, binNumbers, binsToRows } from './lib/binning';

// Grows whole trees, one to a block. What a tree is grown from and by is the same for every block of a call: it is read
// from `plan`, f64 words in the order of `read` below, into the variables that follow. src/trees/forest/grow.ts writes it.
//
// A row of the tree is an entry of 16 bytes: weight (f32), target (f32; of classes, i32), row (u32) and nothing. The
// entries of a node lie together. What is summed over rows are `cells` f64: the weight of each class, or the weight and the
// weighted sum of a number.

// Criteria.
const SQUARED: i32 = 0;
const GINI: i32 = 1;

// A node as it is handed out, in bytes: first entry, entries, depth, column (-1 where there is no question), left child (0
// at a leaf; the right one follows it), last bin that goes left, first that goes right (0 where none does), whether missing
// values go left (2 until `settle` where the node had none); gain (f64). In arrays of their own lie its sums and, of a column
// of categories, two sets of bins: those that go left, and those that the node had.
const NODE: usize = 48;
const FIRST: usize = 0;
const COUNT: usize = 4;
const DEPTH: usize = 8;
const COLUMN: usize = 12;
const LEFT: usize = 16;
const LAST: usize = 20;
const NEXT: usize = 24;
const MISSING: usize = 28;
const GAIN: usize = 32;
const NONE_MISSING: i32 = 2;
const SETS: usize = 64;

const BINS: usize = 256;
const CATEGORICAL: u32 = 0x100;
/** With so many entries it is cheaper to look at every bin than to note which are in use. */
const MANY: i32 = 512;

let rows: i32 = 0;
let columns: i32 = 0;
let byRow: usize = 0;
let width: i32 = 0;
let stride: usize = 0;
let byColumn: usize = 0;
/** u32 by column: bins, and the bit above where its values are categories. */
let kinds: usize = 0;
let target: usize = 0;
let weights: usize = 0;
let cumulative: usize = 0;
let draws: i32 = 0;
let cells: i32 = 0;
let cellBytes: usize = 0;
let criterion: i32 = 0;
let scales: usize = 0;
let perNode: i32 = 0;
let maxDepth: i32 = 0;
let mostLeaves: i32 = 0;
let minLeaf: f64 = 0;
/** As a share of the weight of the rows. */
let minGain: f64 = 0;

// One tree's own.
let state: usize = 0;
let nodes: usize = 0;
let sets: usize = 0;
let sums: usize = 0;
let made: i32 = 0;
let leastGain: f64 = 0;

// Scratch, in the order of its parts.
let entries: usize = 0;
let aside: usize = 0;
let counts: usize = 0;
let stack: usize = 0;
let order: usize = 0;
let histograms: usize = 0;
let inUse: usize = 0;
let list: usize = 0;
let keys: usize = 0;
let side: usize = 0;
let left: usize = 0;
let right: usize = 0;

// The best question to the node that is being searched.
let bestGain: f64 = 0;
let bestColumn: i32 = 0;
let bestLast: i32 = 0;
let bestNext: i32 = 0;
let bestMissing: i32 = 0;

// @inline
function at4(base: usize, i: i32): usize {
  return base + ((<usize>i) << 2);
}

// @inline
function at8(base: usize, i: i32): usize {
  return base + ((<usize>i) << 3);
}

// @inline
function entryAt(i: i32): usize {
  return entries + ((<usize>i) << 4);
}

// @inline
function nodeAt(i: i32): usize {
  return nodes + <usize>i * NODE;
}

// @inline
function setOf(node: i32): usize {
  return sets + <usize>node * SETS;
}

// @inline
function isIn(set: usize, bin: i32): bool {
  return ((load<u32>(at4(set, bin >> 5)) >> (bin & 31)) & 1) != 0;
}

// @inline
function include(set: usize, bin: i32): void {
  const word = at4(set, bin >> 5);
  store<u32>(word, load<u32>(word) | ((<u32>1) << (bin & 31)));
}

// @inline
function number(plan: usize, i: i32): i32 {
  return <i32>load<f64>(at8(plan, i));
}

// @inline
function pointer(plan: usize, i: i32): usize {
  return <usize>load<f64>(at8(plan, i));
}

function read(plan: usize): void {
  rows = number(plan, 0);
  columns = number(plan, 1);
  byRow = pointer(plan, 2);
  width = number(plan, 3);
  stride = pointer(plan, 4);
  byColumn = pointer(plan, 5);
  kinds = pointer(plan, 6);
  target = pointer(plan, 7);
  weights = pointer(plan, 8);
  cumulative = pointer(plan, 9);
  draws = number(plan, 10);
  cells = number(plan, 11);
  cellBytes = (<usize>cells) << 3;
  criterion = number(plan, 12);
  scales = pointer(plan, 13);
  perNode = number(plan, 14);
  maxDepth = number(plan, 15);
  mostLeaves = number(plan, 16);
  minLeaf = load<f64>(at8(plan, 17));
  minGain = load<f64>(at8(plan, 18));
}

/** Shares scratch out; `capacity` nodes at most. As `scratchBytes` of src/trees/forest/grow.ts counts it. */
function layOut(capacity: i32): void {
  entries = scratch();
  aside = entries + ((<usize>rows) << 4);
  counts = aside + ((<usize>rows) << 4);
  stack = counts + ((<usize>rows) << 2);
  order = at4(stack, capacity);
  histograms = (at4(order, columns) + 15) & ~15;
  inUse = histograms + 4 * BINS * cellBytes;
  list = inUse + 32;
  keys = list + 2 * BINS;
  side = keys + 8 * BINS;
  left = side + BINS;
  right = left + cellBytes;
}

// ---- the rows of a tree

/** Rows drawn with replacement, as often as `counts` then says; in proportion to their weights where they have some. */
function draw(): void {
  memory.fill(counts, 0, (<usize>rows) << 2);
  for (let i = 0; i < draws; i++) {
    const place = at4(counts, cumulative == 0 ? <i32>randomBelow(state, rows) : weightedRow());
    store<u32>(place, load<u32>(place) + 1);
  }
}

/** The first row up to which the weights sum to more than a number drawn. */
function weightedRow(): i32 {
  const drawn = randomUniform(state) * load<f64>(at8(cumulative, rows - 1));
  let low = 0;
  let high = rows - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<f64>(at8(cumulative, middle)) > drawn) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Writes the entries of the root; how many there are. */
function enter(): i32 {
  let n = 0;
  for (let row = 0; row < rows; row++) {
    let weight: f32 = weights == 0 ? 1 : load<f32>(at4(weights, row));
    if (draws > 0) weight = <f32>load<u32>(at4(counts, row));
    if (weight <= 0) continue;
    const entry = entryAt(n++);
    const y = load<f32>(at4(target, row));
    store<f32>(entry, weight);
    if (criterion == SQUARED) store<f32>(entry, y, 4);
    else store<i32>(entry, <i32>y, 4);
    store<i32>(entry, row, 8);
  }
  return n;
}

// ---- sums and scores

// @inline
function addTo(cell: usize, entry: usize): void {
  const weight = <f64>load<f32>(entry);
  if (criterion == SQUARED) {
    const pair = f64x2.replace_lane(f64x2.splat(weight), 1, weight * <f64>load<f32>(entry, 4));
    v128.store(cell, f64x2.add(v128.load(cell), pair));
    return;
  }
  const place = at8(cell, load<i32>(entry, 4));
  store<f64>(place, load<f64>(place) + weight);
}

/** Rows' worth of weight in a cell. */
// @inline
function weightOf(cell: usize): f64 {
  if (criterion == SQUARED) return load<f64>(cell);
  let sum = load<f64>(cell);
  for (let k = 1; k < cells; k++) sum += load<f64>(at8(cell, k));
  return sum;
}

/** As it counts in scores. */
function scaledWeightOf(cell: usize): f64 {
  if (criterion == SQUARED) return load<f64>(cell);
  let sum = 0.0;
  for (let k = 0; k < cells; k++) sum += load<f64>(at8(cell, k)) * load<f64>(at8(scales, k));
  return sum;
}

// @inline
function timesLogarithm(x: f64): f64 {
  return x > 0 ? x * logarithm(x) : 0;
}

/** What a node of two cells adds to the score of a tree: the larger, the purer. */
// @inline
function pairScore(a: f64, b: f64, scaleA: f64, scaleB: f64): f64 {
  if (criterion == SQUARED) return (b * b) / a;
  const p = a * scaleA;
  const q = b * scaleB;
  if (p + q <= 0) return 0;
  if (criterion == GINI) return (p * p + q * q) / (p + q);
  return timesLogarithm(p) + timesLogarithm(q) - timesLogarithm(p + q);
}

function score(cell: usize): f64 {
  if (cells == 2)
    return pairScore(load<f64>(cell), load<f64>(cell, 8), load<f64>(scales), load<f64>(scales, 8));
  let total = 0.0;
  let sum = 0.0;
  for (let k = 0; k < cells; k++) {
    const p = load<f64>(at8(cell, k)) * load<f64>(at8(scales, k));
    total += p;
    sum += criterion == GINI ? p * p : timesLogarithm(p);
  }
  if (total <= 0) return 0;
  return criterion == GINI ? sum / total : sum - timesLogarithm(total);
}

/** Sums a node's entries; whether all its targets are the same. */
function measure(node: i32): bool {
  const from = load<i32>(nodeAt(node), FIRST);
  const to = from + load<i32>(nodeAt(node), COUNT);
  const own = sums + <usize>node * cellBytes;
  memory.fill(own, 0, cellBytes);
  const first = load<i32>(entryAt(from), 4);
  let others = 0;
  for (let i = from; i < to; i++) {
    const entry = entryAt(i);
    addTo(own, entry);
    others |= load<i32>(entry, 4) ^ first;
  }
  return others == 0;
}

// ---- histograms

/** Where the bins of a column lie in a row. */
// @inline
function placeIn(column: i32): usize {
  const group = column / width;
  return byRow + <usize>group * <usize>rows * stride + <usize>(column - group * width);
}

/** Sums by bin, and which bins are in use. */
function accumulate(from: i32, to: i32, column: i32, histogram: usize): void {
  const bins = placeIn(column);
  for (let i = from; i < to; i++) {
    const entry = entryAt(i);
    const bin = <usize>load<u8>(bins + <usize>load<u32>(entry, 8) * stride);
    addTo(histogram + bin * cellBytes, entry);
    const word = inUse + ((bin >> 6) << 3);
    store<u64>(word, load<u64>(word) | ((<u64>1) << (bin & 63)));
  }
}

/** Sums by bin of four columns, in one walk over the entries. */
function accumulateFour(from: i32, to: i32, a: usize, b: usize, c: usize, d: usize): void {
  const size = BINS * cellBytes;
  for (let i = from; i < to; i++) {
    const entry = entryAt(i);
    const row = <usize>load<u32>(entry, 8) * stride;
    addTo(histograms + <usize>load<u8>(a + row) * cellBytes, entry);
    addTo(histograms + size + <usize>load<u8>(b + row) * cellBytes, entry);
    addTo(histograms + 2 * size + <usize>load<u8>(c + row) * cellBytes, entry);
    addTo(histograms + 3 * size + <usize>load<u8>(d + row) * cellBytes, entry);
  }
}

/** Lists the bins above 0 that hold weight, in order; how many. */
function listed(histogram: usize): i32 {
  let n = 0;
  for (let word = 0; word < 4; word++) {
    let bits = load<u64>(at8(inUse, word));
    while (bits != 0) {
      const bin = (word << 6) + <i32>ctz(bits);
      bits &= bits - 1;
      if (bin == 0 || weightOf(histogram + <usize>bin * cellBytes) <= 0) continue;
      store<u16>(list + ((<usize>n) << 1), <u16>bin);
      n++;
    }
  }
  return n;
}

/** Leaves a histogram as it was found: all zero. */
function clear(histogram: usize): void {
  for (let word = 0; word < 4; word++) {
    let bits = load<u64>(at8(inUse, word));
    while (bits != 0) {
      const bin = ((<usize>word) << 6) + <usize>ctz(bits);
      bits &= bits - 1;
      memory.fill(histogram + bin * cellBytes, 0, cellBytes);
    }
  }
}

// ---- the best question

// @inline
function binAt(i: i32): i32 {
  return <i32>load<u16>(list + ((<usize>i) << 1));
}

// @inline
function offer(gain: f64, column: i32, place: i32, n: i32, missing: i32): bool {
  if (!(gain > bestGain)) return false;
  bestGain = gain;
  bestColumn = column;
  bestLast = binAt(place);
  bestNext = place + 1 < n ? binAt(place + 1) : 0;
  bestMissing = missing;
  return true;
}

/**
 * Tries every place to part the listed bins, missing values to the right and then to the left; the place of the best, or -1
 * where none is better than what is known.
 */
function tryPlaces(histogram: usize, node: i32, column: i32, n: i32): i32 {
  return cells == 2 ? tryPairs(histogram, node, column, n) : tryCells(histogram, node, column, n);
}

function tryPairs(histogram: usize, node: i32, column: i32, n: i32): i32 {
  const own = sums + <usize>node * cellBytes;
  const all0 = load<f64>(own);
  const all1 = load<f64>(own, 8);
  const scale0 = load<f64>(scales);
  const scale1 = load<f64>(scales, 8);
  const isSquared = criterion == SQUARED;
  const total = isSquared ? all0 : all0 + all1;
  const before = pairScore(all0, all1, scale0, scale1);
  const missing = weightOf(histogram) > 0;
  let found = -1;
  for (let direction = 0; direction <= <i32>missing; direction++) {
    let a = direction == 0 ? 0.0 : load<f64>(histogram);
    let b = direction == 0 ? 0.0 : load<f64>(histogram, 8);
    const end = missing && direction == 0 ? n : n - 1;
    for (let i = 0; i < end; i++) {
      const cell = histogram + <usize>binAt(i) * cellBytes;
      a += load<f64>(cell);
      b += load<f64>(cell, 8);
      const weight = isSquared ? a : a + b;
      if (weight < minLeaf) continue;
      if (total - weight < minLeaf) break;
      const gain = pairScore(a, b, scale0, scale1) + pairScore(all0 - a, all1 - b, scale0, scale1) - before;
      if (offer(gain, column, i, n, missing ? direction : NONE_MISSING)) found = i;
    }
  }
  return found;
}

function tryCells(histogram: usize, node: i32, column: i32, n: i32): i32 {
  const own = sums + <usize>node * cellBytes;
  const total = weightOf(own);
  const before = score(own);
  const missing = weightOf(histogram) > 0;
  let found = -1;
  for (let direction = 0; direction <= <i32>missing; direction++) {
    if (direction == 0) memory.fill(left, 0, cellBytes);
    else memory.copy(left, histogram, cellBytes);
    const end = missing && direction == 0 ? n : n - 1;
    for (let i = 0; i < end; i++) {
      moveLeft(histogram + <usize>binAt(i) * cellBytes, own);
      const weight = weightOf(left);
      if (weight < minLeaf) continue;
      if (total - weight < minLeaf) break;
      const gain = score(left) + score(right) - before;
      if (offer(gain, column, i, n, missing ? direction : NONE_MISSING)) found = i;
    }
  }
  return found;
}

/** Adds a cell to what is left of the place; the rest of the node is right of it. */
function moveLeft(cell: usize, own: usize): void {
  for (let k = 0; k < cells; k++) {
    const sum = load<f64>(at8(left, k)) + load<f64>(at8(cell, k));
    store<f64>(at8(left, k), sum);
    store<f64>(at8(right, k), load<f64>(at8(own, k)) - sum);
  }
}

/** Orders the listed bins by the share of one cell in them: by insertion, ties as they stood. */
function orderBy(histogram: usize, n: i32, k: i32): void {
  for (let i = 0; i < n; i++) {
    const bin = binAt(i);
    const cell = histogram + <usize>bin * cellBytes;
    const key = load<f64>(at8(cell, k)) / weightOf(cell);
    let j = i;
    for (; j > 0 && load<f64>(at8(keys, j - 1)) > key; j--) {
      store<f64>(at8(keys, j), load<f64>(at8(keys, j - 1)));
      store<u16>(list + ((<usize>j) << 1), <u16>binAt(j - 1));
    }
    store<f64>(at8(keys, j), key);
    store<u16>(list + ((<usize>j) << 1), <u16>bin);
  }
}

/** The best set of categories: where bins lie in order of their share of a class, the best set begins that order. */
function trySets(histogram: usize, node: i32, column: i32, n: i32): void {
  // two cells have one order; of more, each class has its own (exact for one class against the rest)
  const firstCell = cells == 2 ? 1 : 0;
  for (let k = firstCell; k < cells; k++) {
    orderBy(histogram, n, k);
    const place = tryPlaces(histogram, node, column, n);
    if (place < 0) continue;
    const set = setOf(node);
    memory.fill(set, 0, SETS);
    for (let i = 0; i < n; i++) {
      if (i <= place) include(set, binAt(i));
      include(set + SETS / 2, binAt(i));
    }
  }
}

function tryColumn(histogram: usize, node: i32, column: i32): void {
  const n = listed(histogram);
  if ((load<u32>(at4(kinds, column)) & CATEGORICAL) != 0) trySets(histogram, node, column, n);
  else tryPlaces(histogram, node, column, n);
  clear(histogram);
}

/** Moves a column drawn at random from the first `remaining` of the order to their end; or takes the next, where all are asked. */
function drawColumn(remaining: i32): i32 {
  if (perNode >= columns) return columns - remaining;
  const place = at4(order, <i32>randomBelow(state, remaining));
  const last = at4(order, remaining - 1);
  const column = load<u32>(place);
  store<u32>(place, load<u32>(last));
  store<u32>(last, column);
  return <i32>column;
}

// @inline
function useAll(): void {
  memory.fill(inUse, 0xff, 32);
}

/** Searches `perNode` columns, and then on until one of them parts the node at all. */
function search(node: i32): void {
  const from = load<i32>(nodeAt(node), FIRST);
  const to = from + load<i32>(nodeAt(node), COUNT);
  const size = BINS * cellBytes;
  let remaining = columns;
  while (remaining > 0 && (columns - remaining < perNode || bestColumn < 0)) {
    if (to - from >= MANY && remaining >= 4 && columns - remaining + 4 <= perNode) {
      const a = drawColumn(remaining--);
      const b = drawColumn(remaining--);
      const c = drawColumn(remaining--);
      const d = drawColumn(remaining--);
      accumulateFour(from, to, placeIn(a), placeIn(b), placeIn(c), placeIn(d));
      useAll();
      tryColumn(histograms, node, a);
      tryColumn(histograms + size, node, b);
      tryColumn(histograms + 2 * size, node, c);
      tryColumn(histograms + 3 * size, node, d);
    } else {
      const column = drawColumn(remaining--);
      memory.fill(inUse, 0, 32);
      accumulate(from, to, column, histograms);
      tryColumn(histograms, node, column);
    }
  }
}

/** Finds a node's best question, if it may and can have one. */
function question(node: i32): bool {
  const place = nodeAt(node);
  const same = measure(node);
  store<i32>(place, -1, COLUMN);
  store<i32>(place, 0, LEFT);
  store<f64>(place, 0, GAIN);
  if (same || load<i32>(place, DEPTH) >= maxDepth) return false;
  bestColumn = -1;
  // a gain of nothing, give or take its rounding, is a question too: the next one may need it
  bestGain = leastGain - 1e-12 * abs(score(sums + <usize>node * cellBytes));
  search(node);
  if (bestColumn < 0) return false;
  store<i32>(place, bestColumn, COLUMN);
  store<i32>(place, bestLast, LAST);
  store<i32>(place, bestNext, NEXT);
  store<i32>(place, bestMissing, MISSING);
  store<f64>(place, max(0, bestGain), GAIN);
  return true;
}

// ---- parting

// @inline
function isCategorical(column: i32): bool {
  return (load<u32>(at4(kinds, column)) & CATEGORICAL) != 0;
}

/** Of each bin, whether it goes left; missing values as bin 0. */
function sides(node: i32): void {
  const place = nodeAt(node);
  if (isCategorical(load<i32>(place, COLUMN))) {
    const set = setOf(node);
    for (let bin = 1; bin < <i32>BINS; bin++) store<u8>(side + <usize>bin, <u8>isIn(set, bin));
  } else {
    const last = <usize>load<i32>(place, LAST);
    memory.fill(side + 1, 1, last);
    memory.fill(side + 1 + last, 0, BINS - 1 - last);
  }
  store<u8>(side, <u8>(load<i32>(place, MISSING) == 1));
}

/** Parts a node's entries and makes its two children. */
function part(node: i32): void {
  const place = nodeAt(node);
  const from = load<i32>(place, FIRST);
  const count = load<i32>(place, COUNT);
  const bins = byColumn + <usize>load<i32>(place, COLUMN) * <usize>rows;
  sides(node);
  // left ones move up in their place, right ones go aside: no branch that nobody can foretell
  let toLeft = entryAt(from);
  let toRight = aside;
  for (let i = from; i < from + count; i++) {
    const entry = entryAt(i);
    const isLeft = <usize>load<u8>(side + <usize>load<u8>(bins + <usize>load<u32>(entry, 8)));
    const whole = v128.load(entry);
    v128.store(toLeft, whole);
    v128.store(toRight, whole);
    toLeft += isLeft << 4;
    toRight += (1 - isLeft) << 4;
  }
  memory.copy(toLeft, aside, toRight - aside);
  const lefts = <i32>((toLeft - entryAt(from)) >> 4);
  store<i32>(place, made, LEFT);
  child(from, lefts, load<i32>(place, DEPTH) + 1);
  child(from + lefts, count - lefts, load<i32>(place, DEPTH) + 1);
}

function child(first: i32, count: i32, depth: i32): void {
  const place = nodeAt(made++);
  store<i32>(place, first, FIRST);
  store<i32>(place, count, COUNT);
  store<i32>(place, depth, DEPTH);
}

/** Grows every node as far as it goes, the left side first, whose entries are still in the cache. */
function growAll(): void {
  let open = 1;
  store<i32>(stack, 0);
  while (open > 0) {
    const node = load<i32>(at4(stack, --open));
    if (!question(node)) continue;
    part(node);
    const first = load<i32>(nodeAt(node), LEFT);
    store<i32>(at4(stack, open++), first + 1);
    store<i32>(at4(stack, open++), first);
  }
}

/** Grows the node with the largest gain each time, up to so many leaves. */
function growBest(): void {
  question(0);
  for (let leaves = 1; leaves < mostLeaves; leaves++) {
    let best = -1;
    let gain = -1.0;
    for (let node = 0; node < made; node++) {
      const place = nodeAt(node);
      if (load<i32>(place, LEFT) != 0 || load<i32>(place, COLUMN) < 0 || load<f64>(place, GAIN) <= gain)
        continue;
      gain = load<f64>(place, GAIN);
      best = node;
    }
    if (best < 0) return;
    part(best);
    const first = load<i32>(nodeAt(best), LEFT);
    question(first);
    question(first + 1);
  }
}

/**
 * Where a node had no missing values they go with most of its rows; and where missing values go, there go the categories
 * that the node had no rows of.
 */
function settle(): void {
  for (let node = 0; node < made; node++) {
    const place = nodeAt(node);
    const first = load<i32>(place, LEFT);
    if (first == 0) continue;
    if (load<i32>(place, MISSING) == NONE_MISSING) {
      const weight = weightOf(sums + <usize>first * cellBytes);
      store<i32>(place, <i32>(weight >= weightOf(sums + <usize>(first + 1) * cellBytes)), MISSING);
    }
    if (load<i32>(place, MISSING) == 0 || !isCategorical(load<i32>(place, COLUMN))) continue;
    const set = setOf(node);
    for (let bin = 1; bin < <i32>BINS; bin++) if (!isIn(set + SETS / 2, bin)) include(set, bin);
  }
}

/** The leaf of each row that was not drawn, -1 of those that were. */
function walkOthers(leaves: usize): void {
  for (let row = 0; row < rows; row++) {
    let node = 0;
    if (load<u32>(at4(counts, row)) > 0) node = -1;
    else
      for (let first = load<i32>(nodes, LEFT); first != 0; first = load<i32>(nodeAt(node), LEFT))
        node = first + <i32>!binGoesLeft(node, row);
    store<i32>(at4(leaves, row), node);
  }
}

function binGoesLeft(node: i32, row: i32): bool {
  const place = nodeAt(node);
  const column = load<i32>(place, COLUMN);
  const bin = <i32>load<u8>(placeIn(column) + <usize>row * stride);
  if (bin == 0) return load<i32>(place, MISSING) != 0;
  if (!isCategorical(column)) return bin <= load<i32>(place, LAST);
  return isIn(setOf(node), bin);
}

/**
 * Grows the tree of each block.
 *
 * @param plan as `read` reads it
 * @param states four words of a generator to each tree
 * @param capacity nodes that a tree may have, which its arrays have room for
 * @param outNodes capacity x 48 bytes a tree; `outSets` capacity x 64 bytes (or 0 where no column is categorical);
 *   `outSums` capacity x cells f64; `made` u32 a tree: the nodes that it has
 * @param leaves i32 by row, a tree: the leaf of each row that was not drawn; or 0
 */
export function grow(
  block: i32,
  lo: i32,
  hi: i32,
  plan: usize,
  states: usize,
  capacity: i32,
  outNodes: usize,
  outSets: usize,
  outSums: usize,
  outMade: usize,
  leaves: usize,
): void {
  read(plan);
  layOut(capacity);
  for (let tree = lo; tree < hi; tree++) {
    state = states + ((<usize>tree) << 4);
    nodes = outNodes + <usize>tree * <usize>capacity * NODE;
    sets = outSets == 0 ? 0 : outSets + <usize>tree * <usize>capacity * SETS;
    sums = outSums + <usize>tree * <usize>capacity * cellBytes;
    memory.fill(histograms, 0, 4 * BINS * cellBytes);
    for (let j = 0; j < columns; j++) store<i32>(at4(order, j), j);
    if (draws > 0) draw();
    made = 0;
    child(0, enter(), 0);
    measure(0);
    leastGain = minGain * scaledWeightOf(sums);
    if (mostLeaves > 0) growBest();
    else growAll();
    settle();
    store<i32>(at4(outMade, tree), made);
    if (leaves != 0) walkOthers(leaves + ((<usize>tree * <usize>rows) << 2));
  }
}
