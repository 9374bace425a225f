import type { Numbers } from '../runtime/arena.ts';
import type { Team } from '../runtime/team.ts';
import type { Table } from '../table.ts';
import type { Forest } from './forest.ts';

/** A forest in the memory of a team, as the kernels of the family `forest` take it. */
export interface PackedForest {
  /** Positions of the columns that any node asks for, ascending: the kernels see these columns only. */
  readonly used: readonly number[];
  readonly nodes: Uint32Array;
  readonly sets: Uint32Array;
  readonly setWords: Uint32Array;
  readonly values: Float64Array;
}

// bits of a node's head: see kernels/forest.ts
const LEAF = 0x80000000;
const MISSING_LEFT = 0x40000000;
const CATEGORICAL = 0x20000000;
const NODE_BYTES = 16;

export function packed(team: Team, forest: Forest): PackedForest {
  const used = [...new Set(forest.feature)].filter(feature => feature >= 0).sort((a, b) => a - b);
  const nodes = team.u32(forest.feature.length * 4);
  writeNodes(forest, new Map(used.map((feature, at) => [feature, at])), nodes);
  return {
    used,
    nodes,
    sets: team.copied(forest.sets),
    setWords: team.copied(Uint32Array.from(used, feature => forest.setWords[feature])),
    values: team.copied(forest.value),
  };
}

function writeNodes(forest: Forest, place: ReadonlyMap<number, number>, nodes: Uint32Array): void {
  const thresholds = new Uint32Array(
    forest.threshold.buffer,
    forest.threshold.byteOffset,
    forest.feature.length,
  );
  for (let node = 0; node < forest.feature.length; node++) {
    const column = place.get(forest.feature[node]);
    const isLeaf = column === undefined;
    const isSet = forest.set[node] >= 0;
    const missing = forest.missingLeft[node] === 1 ? MISSING_LEFT : 0;
    nodes[node * 4] = isLeaf ? LEAF : column | missing | (isSet ? CATEGORICAL : 0);
    nodes[node * 4 + 1] = isSet ? forest.set[node] : thresholds[node];
    nodes[node * 4 + 2] = (isLeaf ? node : forest.left[node]) * NODE_BYTES;
    nodes[node * 4 + 3] = (isLeaf ? node : forest.right[node]) * NODE_BYTES;
  }
}

/** Values of one piece of the columns that are copied to the kernels at a time. */
const PIECE = 2_097_152;

/**
 * Calls `use` for one piece of the rows after the other, with pointers to the used columns of these rows in the team's
 * memory, so that this memory does not grow with the table.
 *
 * @param most rows to a piece at most
 */
export function inPieces(
  team: Team,
  table: Table,
  used: readonly number[],
  most: number,
  use: (pointers: Numbers, from: number, rows: number) => void,
): void {
  const step = Math.max(64, Math.min(most, Math.floor(PIECE / Math.max(1, used.length))));
  for (let from = 0; from < table.rows; from += step)
    team.scoped(() => {
      const rows = Math.min(step, table.rows - from);
      const columns = used.map(feature => team.copied(table.columns[feature].subarray(from, from + rows)));
      use(team.copied(Uint32Array.from(columns, column => column.byteOffset)), from, rows);
    });
}
