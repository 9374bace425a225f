import { MlError } from '../../errors.ts';

/**
 * Where each group begins, and the number of rows after the last.
 *
 * @throws MlError `ml.bad_table` when rows of a group do not lie together
 */
export function groupStarts(groups: Int32Array, rows: number): Uint32Array {
  if (groups.length !== rows) throw new MlError('ml.bad_table', `${groups.length} groups for ${rows} rows`);
  const seen = new Set<number>();
  const starts: number[] = [];
  groups.forEach((group, row) => {
    if (row > 0 && group === groups[row - 1]) return;
    if (seen.has(group))
      throw new MlError(
        'ml.bad_table',
        `row ${row} is of group ${group}, which ended before: rows of a group must lie together`,
      );
    seen.add(group);
    starts.push(row);
  });
  return Uint32Array.from([...starts, rows]);
}
