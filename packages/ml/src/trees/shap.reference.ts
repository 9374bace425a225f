import type { Table } from '../table.ts';
import { goesLeft, type Forest } from './forest.ts';
import { sharesOf } from './shap.ts';

/**
 * What a tree predicts of a row of which only the columns of `known` are known: where another column is asked for, both
 * sides count, by their shares of cover (Lundberg, Erion and Lee 2018, algorithm 1).
 */
export function expectedValue(
  forest: Forest,
  root: number,
  { columns }: Table,
  row: number,
  known: (column: number) => boolean,
  shares = sharesOf(forest),
): number {
  const below = (node: number): number => {
    const column = forest.feature[node];
    if (column < 0) return forest.value[node * forest.width];
    const [left, right] = [forest.left[node], forest.right[node]];
    if (known(column)) return below(goesLeft(forest, node, columns[column][row]) ? left : right);
    return shares[left] * below(left) + shares[right] * below(right);
  };
  return below(root);
}

/** Shapley values of one row from their definition, over every subset of the columns: the plain twin of `treeShap`. */
export function shapBySubsets(forest: Forest, table: Table, row: number): Float64Array {
  const d = forest.setWords.length;
  const shares = sharesOf(forest);
  const game = Float64Array.from({ length: 2 ** d }, (_, subset) =>
    forest.roots.reduce(
      (sum, root) =>
        sum + expectedValue(forest, root, table, row, column => ((subset >> column) & 1) === 1, shares),
      0,
    ),
  );
  return Float64Array.from({ length: d }, (_, column) => {
    let value = 0;
    for (let subset = 0; subset < game.length; subset++)
      if (((subset >> column) & 1) === 0)
        value += orderings(bits(subset), d) * (game[subset | (1 << column)] - game[subset]);
    return value;
  });
}

/** The chance that exactly these `size` columns come before one given column in a random order of `d`. */
function orderings(size: number, d: number): number {
  let chance = 1 / d;
  for (let i = 1; i <= size; i++) chance *= i / (d - i);
  return chance;
}

function bits(subset: number): number {
  return subset === 0 ? 0 : (subset & 1) + bits(subset >>> 1);
}
