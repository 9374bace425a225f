import { withTeam, type Team } from '../runtime/team.ts';
import type { Table } from '../table.ts';
import { leafOf, type Forest } from './forest.ts';
import { inPieces, packed } from './packed.ts';

/** Below so many walks of a row down a tree, handing them to the kernel costs more than the walks. */
const FEW_WALKS = 20_000;
/** About how many elementary operations one walk takes. */
const WALK = 30;
const GRAIN = 512;
const MOST_ROWS = 131_072;

/**
 * What a forest sums to for each row: rows x outputs, by row. The same to the last bit for any number of rows and of
 * threads: the trees are added in their order, in double precision.
 *
 * @param table its columns at the positions, and its categories in the codes, that the forest was grown with
 */
export function predictForest(
  forest: Forest,
  table: Table,
  { threads }: { threads?: number | undefined } = {},
): Float64Array {
  const walks = table.rows * forest.roots.length;
  if (walks < FEW_WALKS) return predictFew(forest, table);
  return withTeam('forest', { threads, work: walks * WALK }, team => predictMany(team, forest, table));
}

/** The plain twin of the kernel. */
export function predictFew(forest: Forest, { columns, rows }: Table): Float64Array {
  const { roots, output, outputs, width, value } = forest;
  const sums = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++)
    for (let tree = 0; tree < roots.length; tree++) {
      const leaf = leafOf(forest, roots[tree], columns, row);
      const at = row * outputs + output[tree];
      for (let k = 0; k < width; k++) sums[at + k] += value[leaf * width + k];
    }
  return sums;
}

function predictMany(team: Team, forest: Forest, table: Table): Float64Array {
  const { outputs, width } = forest;
  const { used, nodes, sets, setWords, values } = packed(team, forest);
  const [roots, output] = [team.copied(forest.roots), team.copied(forest.output)];
  const sums = new Float64Array(table.rows * outputs);
  team.scratch(64 * (used.length + 3) * 4);
  inPieces(team, table, used, MOST_ROWS, (columns, from, rows) => {
    const out = team.f64(rows * outputs);
    const trees = [roots, output, roots.length, values, width, outputs] as const;
    team.run('predict', rows, GRAIN, columns, used.length, nodes, sets, setWords, ...trees, out);
    sums.set(out, from * outputs);
  });
  return sums;
}
