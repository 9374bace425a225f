import type { DuplicateRun, Work } from '@bellwether/contracts';
import { sql, type Records } from '@bellwether/records';
import { groupsOf } from './groups.ts';

/** A pair that a run proposes, in the order of its ids. */
export interface Found {
  left: string;
  right: string;
  levels: number[];
  bits: number[];
  prior_bits: number;
  probability: number;
}

const BLOCK = 2_000;

/**
 * Puts what a run found into the queue, whole or not at all: open pairs of earlier runs go, decided pairs stay as they
 * were decided, and what is new waits to be decided.
 */
export async function keepPairs(
  records: Records,
  run: DuplicateRun,
  found: readonly Found[],
  { signal }: Work = {},
): Promise<void> {
  const weighed = found.map(pair => ({ ...pair, weight: pair.bits.reduce((sum, bits) => sum + bits, 0) }));
  const groups = groupsOf(weighed);
  await records.transaction().execute(async inside => {
    await inside
      .insertInto('duplicate_runs')
      .values({ id: run.id, at: new Date(run.at), report: JSON.stringify(run) })
      .execute();
    await inside.deleteFrom('duplicate_pairs').where('state', '=', 'open').execute();
    for (let start = 0; start < found.length; start += BLOCK) {
      signal?.throwIfAborted();
      await insertBlock(inside, run.id, start, found.slice(start, start + BLOCK), groups);
    }
  });
}

async function insertBlock(
  records: Records,
  runId: string,
  start: number,
  block: readonly Found[],
  groups: ReturnType<typeof groupsOf>,
): Promise<void> {
  await records
    .insertInto('duplicate_pairs')
    .values(
      block.map(({ left, right, levels, bits, prior_bits, probability }, n) => {
        const { group, size, bridge } = groups[start + n];
        return {
          ...{ left_id: left, right_id: right, run_id: runId, levels, bits, prior_bits, probability },
          ...{ group_number: group, group_size: size, bridge, state: 'open' as const, decided_at: null },
        };
      }),
    )
    .onConflict(conflict =>
      conflict.columns(['left_id', 'right_id']).doUpdateSet(row => ({
        run_id: row.ref('excluded.run_id'),
        levels: row.ref('excluded.levels'),
        bits: row.ref('excluded.bits'),
        prior_bits: row.ref('excluded.prior_bits'),
        probability: row.ref('excluded.probability'),
      })),
    )
    .execute();
}

/** How many pairs wait, were merged and were refused. */
export async function countPairs(
  records: Records,
): Promise<{ open: number; merged: number; refused: number }> {
  const rows = await records
    .selectFrom('duplicate_pairs')
    .select(['state', sql<number>`count(*)`.as('n')])
    .groupBy('state')
    .execute();
  const of = (state: string): number => rows.find(row => row.state === state)?.n ?? 0;
  return { open: of('open'), merged: of('merged'), refused: of('refused') };
}
