import type { Team } from '../../runtime/team.ts';
import type { BinnedTable } from '../binning.ts';
import type { GrownNode } from './grow.ts';

const GRAIN = 16_384;
const BINS = 256;

/**
 * Adds a tree to the scores of the rows that it learned from, which its leaves left in the order.
 *
 * @param values by node
 * @param scores pointer to the scores of the tree's output
 */
export function addToLearned(
  team: Team,
  order: Uint32Array,
  nodes: readonly GrownNode[],
  values: Float32Array,
  scores: number,
): void {
  const leaves = [...nodes.keys()]
    .filter(node => !nodes[node].split)
    .sort((a, b) => nodes[a].rows.start - nodes[b].rows.start);
  const { start, count } = nodes[0].rows;
  team.scoped(() => {
    // leaves without rows are no stretch of the order
    const filled = leaves.filter(node => nodes[node].rows.count > 0);
    const starts = Uint32Array.from([...filled.map(node => nodes[node].rows.start), start + count]);
    const told = [team.copied(starts), team.copied(Float32Array.from(filled, node => values[node]))] as const;
    team.run('addLeaves', count, GRAIN, order, ...told, scores);
  });
}

/**
 * Adds a tree to the scores of rows that it did not learn from.
 *
 * @param rows pointer to their numbers, `count` u32
 */
export function addToOthers(
  team: Team,
  { byRow, rows: pitch, stride, width }: BinnedTable,
  nodes: readonly GrownNode[],
  values: Float32Array,
  rows: number,
  count: number,
  scores: number,
): void {
  if (count === 0) return;
  team.scoped(() => {
    const told = team.i32(nodes.length * 4);
    const tables = team.u8(nodes.length * BINS);
    const reference = (node: number): number => (nodes[node].split ? node : ~node);
    nodes.forEach(({ split }, node) => {
      if (!split) return;
      const group = Math.floor(split.column / width);
      const bins = byRow.byteOffset + group * pitch * stride + (split.column - group * width);
      told.set([bins, reference(split.left), reference(split.right), node * BINS], node * 4);
      tables.set(split.goesLeft, node * BINS);
    });
    const leaves = team.copied(values);
    team.run('addTree', count, GRAIN, rows, stride, told, tables, reference(0), leaves, scores);
  });
}
