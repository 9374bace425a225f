import { scratch } from './thread';

/**
 * The best split of a node by each column. Sums are in the units of the packed cells of histogram.ts: the caller has
 * scaled penalties and limits to them. Gains are those of a second-order step: for sums G of the first and H of the
 * second kind, G^2 / (H + l2) on either side, less the same of the node (Chen and Guestrin 2016, equation 7).
 */

// a column: four i32
const BINS: usize = 0;
const KIND: usize = 4;
const MONOTONE: usize = 8;
const ALLOWED: usize = 12;
// a node: eight f64
const FIRST: usize = 0;
const SECOND: usize = 8;
const LEAST: usize = 16;
const LOWER: usize = 24;
const UPPER: usize = 32;
const LEAST_GROUP: usize = 40;
const LEAST_CATEGORY: usize = 48;
const NODE_BYTES: usize = 64;
// rules: f64
const L2: usize = 0;
const SMOOTHING: usize = 8;
const CATEGORY_L2: usize = 16;
const MOST_CATEGORIES: usize = 24;
const ONE_AGAINST_REST: usize = 32;
const BOUNDED: usize = 40;
// what is found: 64 bytes
const GAIN: usize = 0;
const LEFT: usize = 8;
const LAST_BIN: usize = 16;
const MISSING: usize = 20;
const RUN: usize = 24;
const SET: usize = 32;
const FOUND_BYTES: usize = 64;

// @inline
function first(cell: i64): f64 {
  return <f64>(cell >> 32);
}

// @inline
function second(cell: i64): f64 {
  return <f64>(cell & 0xffffffff);
}

// @inline
function cellAt(cells: usize, bin: i32): i64 {
  return load<i64>(cells + ((<usize>bin) << 3));
}

/** The step that a leaf would take, within its bounds. */
// @inline
function stepOf(g: f64, h: f64, l2: f64, node: usize): f64 {
  return max(load<f64>(node + LOWER), min(load<f64>(node + UPPER), -g / (h + l2)));
}

/** What a step gains where bounds may keep it from the best one. */
// @inline
function gainOfStep(g: f64, h: f64, l2: f64, step: f64): f64 {
  return -(2 * g * step + (h + l2) * step * step);
}

/** What a split gains before the node's own part is taken off; -Infinity where it breaks the order of its column. */
function boundedGain(gl: f64, hl: f64, gr: f64, hr: f64, l2: f64, node: usize, monotone: i32): f64 {
  const left = stepOf(gl, hl, l2, node);
  const right = stepOf(gr, hr, l2, node);
  if ((monotone > 0 && left > right) || (monotone < 0 && left < right)) return -Infinity;
  return gainOfStep(gl, hl, l2, left) + gainOfStep(gr, hr, l2, right);
}

// @inline
function keep(out: usize, gain: f64, left: i64, lastBin: i32, missing: i32): void {
  store<f64>(out, gain, GAIN);
  store<i64>(out, left, LEFT);
  store<i32>(out, lastBin, LAST_BIN);
  store<i32>(out, missing, MISSING);
}

/**
 * Splits between the bins of a column of numbers, with missing values on one side.
 *
 * @param start sum of what is on the left before the first bin: the missing cell, or 0
 * @param last the last bin that may be the last on the left
 * @param missing what to note: 1 missing goes left, 0 right, -1 there is none
 */
function scanNumbers(
  cells: usize,
  start: i64,
  last: i32,
  node: usize,
  rules: usize,
  monotone: i32,
  missing: i32,
  out: usize,
): void {
  const g = load<f64>(node + FIRST);
  const h = load<f64>(node + SECOND);
  const least = load<f64>(node + LEAST);
  const l2 = load<f64>(rules + L2);
  const bounded = load<f64>(rules + BOUNDED) > 0;
  let sum = start;
  let best = load<f64>(out + GAIN);
  for (let bin = 1; bin <= last; bin++) {
    const cell = cellAt(cells, bin);
    if (cell == 0) continue;
    sum += cell;
    const hl = second(sum);
    if (hl < least) continue;
    const hr = h - hl;
    if (hr < least) break;
    const gl = first(sum);
    const gr = g - gl;
    const gain = bounded
      ? boundedGain(gl, hl, gr, hr, l2, node, monotone)
      : (gl * gl) / (hl + l2) + (gr * gr) / (hr + l2);
    if (gain > best) {
      best = gain;
      keep(out, gain, sum, bin, missing);
    }
  }
}

function splitNumbers(cells: usize, bins: i32, node: usize, rules: usize, monotone: i32, out: usize): void {
  const missing = cellAt(cells, 0);
  if (missing == 0) {
    scanNumbers(cells, 0, bins - 1, node, rules, monotone, -1, out);
  } else {
    scanNumbers(cells, missing, bins - 1, node, rules, monotone, 1, out);
    // up to the last bin: all that is known on the left, what is missing alone on the right
    scanNumbers(cells, 0, bins, node, rules, monotone, 0, out);
  }
}

/** Sorts `count` bins by their ratio, equal ones by bin (Shell 1959, gaps of Ciura 2001 for so few). */
function sortByRatio(ratios: usize, order: usize, count: i32): void {
  for (let gap = 57; gap > 0; gap = gap == 57 ? 23 : gap == 23 ? 10 : gap == 10 ? 4 : gap == 4 ? 1 : 0)
    for (let i = gap; i < count; i++) {
      const bin = load<i32>(order + ((<usize>i) << 2));
      const ratio = load<f64>(ratios + ((<usize>bin) << 3));
      let j = i;
      for (; j >= gap; j -= gap) {
        const other = load<i32>(order + ((<usize>(j - gap)) << 2));
        const its = load<f64>(ratios + ((<usize>other) << 3));
        if (its < ratio || (its == ratio && other < bin)) break;
        store<i32>(order + ((<usize>j) << 2), other);
      }
      store<i32>(order + ((<usize>j) << 2), bin);
    }
}

// @inline
function binAt(order: usize, place: i32): i32 {
  return load<i32>(order + ((<usize>place) << 2));
}

/** Notes the bins at places `from`, `from + step`, … of the order, `count` of them, as the left side. */
function keepSet(out: usize, order: usize, from: i32, step: i32, count: i32): void {
  memory.fill(out + SET, 0, 32);
  for (let i = 0; i < count; i++) {
    const bin = <usize>binAt(order, from + i * step);
    const at = out + SET + (bin >> 3);
    const bit = <u8>(bin & 7);
    store<u8>(at, load<u8>(at) | ((<u8>1) << bit));
  }
}

/** Runs of categories from one end of their order: `step` is 1 from the lowest ratio, -1 from the highest. */
function scanRuns(
  cells: usize,
  order: usize,
  count: i32,
  most: i32,
  step: i32,
  l2: f64,
  leastGroup: f64,
  node: usize,
  out: usize,
): void {
  const g = load<f64>(node + FIRST);
  const h = load<f64>(node + SECOND);
  const least = load<f64>(node + LEAST);
  const from = step > 0 ? 0 : count - 1;
  let sum: i64 = 0;
  let group = 0.0;
  for (let i = 0; i < most; i++) {
    const cell = cellAt(cells, binAt(order, from + i * step));
    sum += cell;
    group += second(cell);
    const hl = second(sum);
    if (hl < least || group < leastGroup) continue;
    const hr = h - hl;
    if (hr < least || hr < leastGroup) break;
    group = 0;
    const gl = first(sum);
    const gain = boundedGain(gl, hl, g - gl, hr, l2, node, 0);
    if (gain > load<f64>(out + GAIN)) {
      keep(out, gain, sum, 0, -1);
      keepSet(out, order, from, step, i + 1);
    }
  }
}

/**
 * Splits of a column of categories, missing among them: each alone against the rest where they are few, else runs in the
 * order of their ratio of sums (Fisher 1958), smoothed, so that a rare category is no extreme.
 */
function splitCategories(cells: usize, bins: i32, node: usize, rules: usize, out: usize): void {
  const ratios = scratch();
  const order = ratios + 2048;
  const leastCategory = load<f64>(node + LEAST_CATEGORY);
  const smoothing = load<f64>(rules + SMOOTHING);
  const l2 = load<f64>(rules + L2);
  let count = 0;
  for (let bin = 0; bin <= bins; bin++) {
    const cell = cellAt(cells, bin);
    if (cell == 0 || second(cell) < leastCategory) continue;
    store<f64>(ratios + ((<usize>bin) << 3), first(cell) / (second(cell) + smoothing));
    store<i32>(order + ((<usize>count) << 2), bin);
    count++;
  }
  const few = count <= <i32>load<f64>(rules + ONE_AGAINST_REST);
  store<i32>(out, few ? 0 : 1, RUN);
  if (few) {
    for (let i = 0; i < count; i++) scanRuns(cells, order + ((<usize>i) << 2), 1, 1, 1, l2, 0, node, out);
    return;
  }
  sortByRatio(ratios, order, count);
  const most = min((count + 1) >> 1, <i32>load<f64>(rules + MOST_CATEGORIES));
  const stronger = l2 + load<f64>(rules + CATEGORY_L2);
  const leastGroup = load<f64>(node + LEAST_GROUP);
  scanRuns(cells, order, count, most, 1, stronger, leastGroup, node, out);
  scanRuns(cells, order, count, most, -1, stronger, leastGroup, node, out);
}

/**
 * The best split of one node by one column; its gain is 0 where there is none. What the node is worth unsplit is what a
 * split must beat: less than nothing where bounds force a step in the wrong direction.
 */
function splitColumn(cells: usize, column: usize, node: usize, rules: usize, out: usize): void {
  store<f64>(out, 0, GAIN);
  if (load<i32>(column + ALLOWED) == 0) return;
  const bins = load<i32>(column + BINS);
  const g = load<f64>(node + FIRST);
  const h = load<f64>(node + SECOND);
  const l2 = load<f64>(rules + L2);
  const own =
    load<f64>(rules + BOUNDED) > 0 ? gainOfStep(g, h, l2, stepOf(g, h, l2, node)) : (g * g) / (h + l2);
  store<f64>(out, own, GAIN);
  if (load<i32>(column + KIND)) {
    splitCategories(cells, bins, node, rules, out);
    store<i32>(out, cellAt(cells, 0) == 0 ? -1 : load<u8>(out + SET) & 1, MISSING);
  } else {
    splitNumbers(cells, bins, node, rules, load<i32>(column + MONOTONE), out);
  }
  store<f64>(out, load<f64>(out + GAIN) - own, GAIN);
}

/** Sums the stretches' histograms of one column. */
function merge(partials: usize, parts: i32, step: usize, own: usize): void {
  memory.copy(own, partials, 2048);
  for (let part = 1; part < parts; part++) {
    partials += step;
    for (let at: usize = 0; at < 2048; at += 16)
      v128.store(own + at, i64x2.add(v128.load(own + at), v128.load(partials + at)));
  }
}

function subtract(from: usize, what: usize): void {
  for (let at: usize = 0; at < 2048; at += 16)
    v128.store(from + at, i64x2.sub(v128.load(from + at), v128.load(what + at)));
}

/**
 * For columns `lo` to `hi`: the histogram of a node from those of its stretches, that of its sibling by taking it off
 * the parent's, and the best split of either.
 *
 * @param partials histograms of `parts` stretches, `step` bytes apart
 * @param own where the node's histogram goes
 * @param sibling the parent's histogram, which becomes the sibling's; 0 where there is no sibling
 * @param columns four i32 a column: bins, 1 where categories, order wanted (-1, 0, 1), 1 where it may be asked
 * @param nodes eight f64 each for the node and its sibling
 * @param found 64 bytes a column for the node, then as many for the sibling
 * @param count columns in all
 */
export function splits(
  block: i32,
  lo: i32,
  hi: i32,
  partials: usize,
  parts: i32,
  step: i32,
  own: usize,
  sibling: usize,
  columns: usize,
  nodes: usize,
  rules: usize,
  found: usize,
  count: i32,
): void {
  for (let j = <usize>lo; j < <usize>hi; j++) {
    const at = j << 11;
    const column = columns + (j << 4);
    merge(partials + at, parts, <usize>step, own + at);
    splitColumn(own + at, column, nodes, rules, found + j * FOUND_BYTES);
    if (sibling == 0) continue;
    subtract(sibling + at, own + at);
    splitColumn(sibling + at, column, nodes + NODE_BYTES, rules, found + (<usize>count + j) * FOUND_BYTES);
  }
}
