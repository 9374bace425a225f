import { dots4, dot } from './dense';
import { scan } from './exact';
import { insert } from './lists';
import { scratch } from './thread';

/**
 * The centre with the largest inner product with each of the vectors `lo` to `hi`.
 *
 * @param centres count x rank f32 values
 */
export function assign(
  block: i32,
  lo: i32,
  hi: i32,
  vectors: usize,
  centres: usize,
  count: i32,
  rank: i32,
  cells: usize,
): void {
  const bytes = (<usize>rank) << 2;
  for (let i = lo; i < hi; i++) {
    const vector = vectors + <usize>i * bytes;
    let best: f32 = -Infinity;
    let cell = 0;
    for (let c = 0; c < (count & ~3); c += 4) {
      const products = dots4(centres + <usize>c * bytes, vector, bytes);
      if (!v128.any_true(f32x4.gt(products, f32x4.splat(best)))) continue;
      for (let lane = 0; lane < 4; lane++) {
        const product = dot(centres + <usize>(c + lane) * bytes, vector, bytes);
        if (product > best) {
          best = product;
          cell = c + lane;
        }
      }
    }
    for (let c = count & ~3; c < count; c++) {
      const product = dot(centres + <usize>c * bytes, vector, bytes);
      if (product > best) {
        best = product;
        cell = c;
      }
    }
    store<u32>(cells + ((<usize>i) << 2), cell);
  }
}

/**
 * The k vectors with the largest inner product with each query, among those of the `probes` cells whose centres have the
 * largest. Arguments as of `exactTop`; the vectors of cell c lie from cellOffsets[c] up to cellOffsets[c + 1]. Scratch
 * holds two numbers for each probe.
 */
export function probe(
  block: i32,
  lo: i32,
  hi: i32,
  queries: usize,
  centres: usize,
  centreCount: i32,
  cellOffsets: usize,
  probes: i32,
  vectors: usize,
  ids: usize,
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
  const nearScores = scratch();
  const near = nearScores + ((<usize>probes) << 2);
  for (let query = lo; query < hi; query++) {
    const vector = queries + <usize>query * bytes;
    let cells = 0;
    for (let c = 0; c < centreCount; c++)
      cells = insert(nearScores, near, cells, probes, dot(centres + <usize>c * bytes, vector, bytes), c);
    const place = (<usize>query * <usize>k) << 2;
    const row = (<usize>query) << 2;
    const skip = seen == 0 ? 0 : seen + ((<usize>load<u32>(seenOffsets + row)) << 2);
    const skips = seen == 0 ? 0 : load<u32>(seenOffsets + row, 4) - load<u32>(seenOffsets + row);
    let filled = 0;
    for (let i = 0; i < cells; i++) {
      const cell = cellOffsets + ((<usize>load<u32>(near + ((<usize>i) << 2))) << 2);
      const from = load<u32>(cell);
      const to = load<u32>(cell, 4);
      filled = scan(
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
      );
    }
    store<i32>(counts + row, filled);
  }
}
