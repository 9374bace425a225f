import type { Milliseconds, Work } from '@bellwether/contracts';
import { rowsAt } from '@bellwether/ml';
import {
  computeTraits,
  dataMoment,
  nextScoredAt,
  traitDefinitions,
  type Applied,
  type ApplyOptions,
  type Stores,
  type Subjects,
} from '@bellwether/pipeline';
import { clickhouseTime } from '@bellwether/warehouse';
import { profilesInBatches, spenders } from './read.ts';
import { rfmAt, rfmEdges, rfmGroup, type RfmEdges } from './rfm.ts';
import { place, type Segmentation } from './segments.ts';
import { championInUse, NAME } from './train.ts';

/** Rows worked on and inserted at a time: some megabytes. */
const CHUNK = 20_000;

interface Run {
  stores: Stores;
  version: number;
  segmentation: Segmentation;
  edges: RfmEdges;
  asOf: Milliseconds;
  scoredAt: Milliseconds;
}

/**
 * Brings traits up to date and tells of every customer the segment and the fifths of recency, frequency and value, as of
 * the data's own now. All of them, always: with each day everybody's recency moves.
 *
 * @throws AppError `scenario.no_champion`, `scenario.bad_version`
 */
export async function applyProfile(
  stores: Stores,
  { exclude }: ApplyOptions = {},
  work: Work = {},
): Promise<Applied> {
  const { version, segmentation } = await championInUse(stores);
  await computeTraits(stores, await traitDefinitions(stores), { exclude }, work);
  const asOf = await dataMoment(stores);
  const options = { exclude, signal: work.signal };
  const edges = rfmEdges((await spenders(stores.warehouse, asOf, options)).table);
  const run = { stores, version, segmentation, edges, asOf, scoredAt: await nextScoredAt(stores, NAME) };
  let scored = 0;
  for await (const batch of profilesInBatches(stores.warehouse, asOf, options))
    for (const chunk of chunksOf(batch)) {
      await tell(run, chunk, scored);
      scored += chunk.ids.length;
      work.onProgress?.({ done: scored, unit: 'customers', step: 'score' });
    }
  await finish(run, scored);
  return { version, as_of: asOf, scored, chosen: 0 };
}

function* chunksOf({ asOf, ids, table }: Subjects): Generator<Subjects> {
  for (let from = 0; from < ids.length; from += CHUNK) {
    const positions = Array.from({ length: Math.min(CHUNK, ids.length - from) }, (_, i) => from + i);
    yield { asOf, ids: ids.slice(from, from + CHUNK), table: rowsAt(table, positions) };
  }
}

async function tell(run: Run, { ids, table }: Subjects, done: number): Promise<void> {
  const { segmentation, edges } = run;
  const { cluster, distance, closeness } = place(segmentation.clusters, table);
  const column = (name: string): Float32Array => table.columns[table.names.indexOf(name)];
  const [recency_days, orders, revenue] = [column('recency_days'), column('orders'), column('revenue')];
  const rows = ids.map((customer_id, row) => {
    const fifths = rfmAt(table, row, edges);
    return {
      ...{ version: run.version, as_of: clickhouseTime(run.asOf), scored_at: clickhouseTime(run.scoredAt) },
      ...{ customer_id, segment: segmentation.keys[cluster[row]] },
      ...{ distance: distance[row], closeness: closeness[row], ...fifths, rfm_group: rfmGroup(fifths) },
      ...{ recency_days: recency_days[row], orders: orders[row], revenue: revenue[row] },
    };
  });
  await run.stores.warehouse.insert('segments', rows, { token: `segments:${run.scoredAt}:${done}` });
}

/** Marks the run as whole: from here on it is the one that readers take. */
async function finish({ stores, version, asOf, scoredAt }: Run, customers: number): Promise<void> {
  const row = {
    ...{ scenario: NAME, version, as_of: clickhouseTime(asOf), scored_at: clickhouseTime(scoredAt) },
    ...{ customers, drift: {}, drifted: [], score_drift: 0 },
  };
  await stores.warehouse.insert('score_runs', [row], { token: `score_runs:${NAME}:${scoredAt}` });
}
