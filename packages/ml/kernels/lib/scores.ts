/**
 * Adds the value of its leaf to the score of each row, by the order that the leaves left behind.
 *
 * @param order u32: the rows of leaf l are order[starts[l]] to order[starts[l + 1] - 1]
 * @param starts u32, ascending, one more than there are leaves
 * @param values f32 by leaf
 */
export function addLeaves(
  block: i32,
  lo: i32,
  hi: i32,
  order: usize,
  starts: usize,
  values: usize,
  scores: usize,
): void {
  let leaf: usize = 0;
  let at = lo;
  while (at < hi) {
    while (load<i32>(starts + ((leaf + 1) << 2)) <= at) leaf++;
    const end = min(hi, load<i32>(starts + ((leaf + 1) << 2)));
    const value = load<f32>(values + (leaf << 2));
    for (; at < end; at++) {
      const score = scores + ((<usize>load<u32>(order + ((<usize>at) << 2))) << 2);
      store<f32>(score, load<f32>(score) + value);
    }
  }
}

/**
 * Adds a tree to the scores of rows that it was not grown from, by their bins.
 *
 * @param order u32: the rows
 * @param bins bins by row, `stride` bytes apart
 * @param nodes four i32 a node: where the bins of its column begin (as a pointer), its left and right child (a leaf is
 *   told as its complement), where its table of bins begins in `tables`
 * @param tables u8 by bin, 256 a node: 1 goes left
 * @param root a node, or the complement of a leaf
 */
export function addTree(
  block: i32,
  lo: i32,
  hi: i32,
  order: usize,
  stride: i32,
  nodes: usize,
  tables: usize,
  root: i32,
  values: usize,
  scores: usize,
): void {
  for (let i = <usize>lo; i < <usize>hi; i++) {
    const row = <usize>load<u32>(order + (i << 2));
    let node = root;
    while (node >= 0) {
      const at = nodes + ((<usize>node) << 4);
      const bin = load<u8>(<usize>load<u32>(at) + row * <usize>stride);
      const left = load<u8>(tables + <usize>load<u32>(at, 12) + <usize>bin);
      node = left ? load<i32>(at, 4) : load<i32>(at, 8);
    }
    const score = scores + (row << 2);
    store<f32>(score, load<f32>(score) + load<f32>(values + ((<usize>~node) << 2)));
  }
}
