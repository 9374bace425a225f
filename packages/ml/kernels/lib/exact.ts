import { dot, dots4 } from './dense';
import { insert, threshold } from './lists';

/** Vectors that are read for all queries of a block before the next are: 128 of 64 values are 32 kB. */
const TILE: i32 = 128;

/**
 * The k vectors with the largest inner product with each of the queries `lo` to `hi`. Vectors lie by falling length, so
 * that a query is done once the next length times its own cannot reach what its list holds (Cauchy and Schwarz; Teflioudi
 * and Gemulla 2016).
 *
 * @param vectors count x rank f32 values; rank is a multiple of 4
 * @param ids what each vector is called in the lists
 * @param lengths of each vector
 * @param seenOffsets with `seen`: ids that a query leaves out, rising within its row; 0 where none are
 * @param allowed a byte an id; 0 where all are
 */
export function exactTop(
  block: i32,
  lo: i32,
  hi: i32,
  queries: usize,
  vectors: usize,
  ids: usize,
  lengths: usize,
  count: i32,
  rank: i32,
  seenOffsets: usize,
  seen: usize,
  allowed: usize,
  k: i32,
  listScores: usize,
  listItems: usize,
  counts: usize,
): void {
  const bytes = (<usize>rank) << 2;
  for (let query = lo; query < hi; query++) store<i32>(counts + ((<usize>query) << 2), 0);
  for (let from = 0; from < count; from += TILE) {
    const to = min(from + TILE, count);
    const longest = load<f32>(lengths + ((<usize>from) << 2));
    let open = false;
    for (let query = lo; query < hi; query++) {
      const vector = queries + <usize>query * bytes;
      const place = (<usize>query * <usize>k) << 2;
      const filled = load<i32>(counts + ((<usize>query) << 2));
      const least = threshold(listScores + place, filled, k);
      // rounding may lift a product a little above the bound
      if (filled == k && longest * sqrt<f32>(dot(vector, vector, bytes)) * 1.00001 < least) continue;
      open = true;
      const row = (<usize>query) << 2;
      const skip = seen == 0 ? 0 : seen + ((<usize>load<u32>(seenOffsets + row)) << 2);
      const skips = seen == 0 ? 0 : load<u32>(seenOffsets + row, 4) - load<u32>(seenOffsets + row);
      store<i32>(
        counts + row,
        scan(
          vector,
          vectors,
          ids,
          from,
          to,
          bytes,
          skip,
          skips,
          allowed,
          k,
          listScores + place,
          listItems + place,
          filled,
        ),
      );
    }
    if (!open) return;
  }
}

/** Offers the vectors `from` to `to` to the list of one query. How many the list holds then. */
export function scan(
  query: usize,
  vectors: usize,
  ids: usize,
  from: i32,
  to: i32,
  bytes: usize,
  skip: usize,
  skips: i32,
  allowed: usize,
  k: i32,
  listScores: usize,
  listItems: usize,
  filled: i32,
): i32 {
  let least = threshold(listScores, filled, k);
  const whole = from + ((to - from) & ~3);
  for (let i = from; i < whole; i += 4) {
    const products = dots4(vectors + <usize>i * bytes, query, bytes);
    if (!v128.any_true(f32x4.ge(products, f32x4.splat(least)))) continue;
    filled = offer(
      f32x4.extract_lane(products, 0),
      ids,
      i,
      skip,
      skips,
      allowed,
      k,
      listScores,
      listItems,
      filled,
    );
    filled = offer(
      f32x4.extract_lane(products, 1),
      ids,
      i + 1,
      skip,
      skips,
      allowed,
      k,
      listScores,
      listItems,
      filled,
    );
    filled = offer(
      f32x4.extract_lane(products, 2),
      ids,
      i + 2,
      skip,
      skips,
      allowed,
      k,
      listScores,
      listItems,
      filled,
    );
    filled = offer(
      f32x4.extract_lane(products, 3),
      ids,
      i + 3,
      skip,
      skips,
      allowed,
      k,
      listScores,
      listItems,
      filled,
    );
    least = threshold(listScores, filled, k);
  }
  for (let i = whole; i < to; i++) {
    const product = dot(vectors + <usize>i * bytes, query, bytes);
    filled = offer(product, ids, i, skip, skips, allowed, k, listScores, listItems, filled);
  }
  return filled;
}

function offer(
  score: f32,
  ids: usize,
  position: i32,
  skip: usize,
  skips: i32,
  allowed: usize,
  k: i32,
  listScores: usize,
  listItems: usize,
  filled: i32,
): i32 {
  if (score < threshold(listScores, filled, k)) return filled;
  const id = load<u32>(ids + ((<usize>position) << 2));
  if (allowed != 0 && load<u8>(allowed + <usize>id) == 0) return filled;
  if (skips > 0 && holds(skip, skips, id)) return filled;
  return insert(listScores, listItems, filled, k, score, id);
}

/** Whether a rising list holds a value, by halving. */
function holds(list: usize, count: i32, value: u32): bool {
  let from = 0;
  let to = count;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (load<u32>(list + ((<usize>middle) << 2)) < value) from = middle + 1;
    else to = middle;
  }
  return from < count && load<u32>(list + ((<usize>from) << 2)) == value;
}
