/**
 * Columns to rows: of the rows `lo` to `hi`, value j of row i goes to out[i * stride + j].
 *
 * @param columns pointers (u32) to `count` columns of f32
 * @param stride f32 values from one row of `out` to the next
 */
export function toRows(
  block: i32,
  lo: i32,
  hi: i32,
  columns: usize,
  count: i32,
  out: usize,
  stride: i32,
): void {
  const step = (<usize>stride) << 2;
  // 64 rows at a time: what is written stays in the cache while the columns are walked
  for (let from = lo; from < hi; from += 64) {
    const to = min(from + 64, hi);
    for (let j = 0; j < count; j++) {
      let source = <usize>load<u32>(columns + ((<usize>j) << 2)) + ((<usize>from) << 2);
      let target = out + <usize>from * step + ((<usize>j) << 2);
      for (let i = from; i < to; i++) {
        store<f32>(target, load<f32>(source));
        source += 4;
        target += step;
      }
    }
  }
}
