/**
 * Trees end to end. A node is a position in the arrays below; a parent comes before its children, and the nodes of a
 * tree lie together. What trees of every method become once they are grown: it predicts, explains, prunes and saves.
 */
export interface Forest {
  /** The first node of each tree. */
  readonly roots: Uint32Array;
  /** The output that the first of a tree's leaf values is added to. */
  readonly output: Uint32Array;
  /** Values to a leaf: 1 for boosting, the number of classes for a forest of them. */
  readonly width: number;
  readonly outputs: number;
  /** Position of the column that a node asks for; -1 at a leaf. */
  readonly feature: Int32Array;
  /** Of a column of numbers: at or below goes left. */
  readonly threshold: Float32Array;
  /** Where the set of a categorical question begins in `sets`; -1 at every other node. */
  readonly set: Int32Array;
  /** Bit sets of 32 categories a word, one run of words a question: those whose bit is set go left. */
  readonly sets: Uint32Array;
  /** How many words a question's set has, by its column; 0 for a column of numbers. */
  readonly setWords: Uint32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** 1 where a missing value, or a category never seen, goes left. */
  readonly missingLeft: Uint8Array;
  /** nodes x width; an inner node's are what it would predict were it a leaf. */
  readonly value: Float64Array;
  /** Weight of the rows that went through a node when it was grown. */
  readonly cover: Float64Array;
}

/** The leaf that a row ends in, of the tree that begins at `root`. The plain twin of the kernel that walks many rows. */
export function leafOf(forest: Forest, root: number, columns: readonly Float32Array[], row: number): number {
  let node = root;
  while (forest.feature[node] >= 0) {
    const value = columns[forest.feature[node]][row];
    node = goesLeft(forest, node, value) ? forest.left[node] : forest.right[node];
  }
  return node;
}

/** Whether a value of the node's column goes left. */
export function goesLeft(forest: Forest, node: number, value: number): boolean {
  if (Number.isNaN(value)) return forest.missingLeft[node] === 1;
  const set = forest.set[node];
  if (set < 0) return value <= forest.threshold[node];
  const word = value >>> 5;
  if (word >= forest.setWords[forest.feature[node]]) return forest.missingLeft[node] === 1;
  return ((forest.sets[set + word] >>> (value & 31)) & 1) === 1;
}
