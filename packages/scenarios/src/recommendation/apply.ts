import { AppError, type Milliseconds, type Work } from '@bellwether/contracts';
import {
  dataMoment,
  keptVersion,
  nextScoredAt,
  type Applied,
  type ApplyOptions,
  type Stores,
} from '@bellwether/pipeline';
import { clickhouseTime, type Warehouse } from '@bellwether/warehouse';
import { setImmediate } from 'node:timers/promises';
import { arranged } from './arrange.ts';
import { namesInOrder } from './names.ts';
import { NAME } from './needs.ts';
import { historyAt, isKnown, readPast, type Past } from './past.ts';
import { allowedBy } from './serve.ts';
import { recommendationSettings } from './settings.ts';
import { shelfOf } from './shelf.ts';
import { readable } from './train.ts';

/** Products kept for each customer. */
export const KEPT = 20;
/** Products that are ranked before dials choose among them. */
const DEPTH = 60;
/** Customers to a block of rows. */
const CHUNK = 2000;

interface Run {
  warehouse: Warehouse;
  version: number;
  asOf: Milliseconds;
  madeAt: Milliseconds;
}

/**
 * Writes the best products of every known customer by the version in use, as of the data's own now: what e-mails show.
 * Readers take the last run that finished, never half of the next; of the runs before it one is kept.
 *
 * @throws AppError `scenario.no_champion`, `scenario.bad_version`
 */
export async function applyRecommendation(
  stores: Stores,
  { exclude }: ApplyOptions = {},
  work: Work = {},
): Promise<Applied> {
  const kept = await keptVersion(stores.records, NAME);
  if (kept === undefined)
    throw new AppError('scenario.no_champion', `${NAME} has no version in use: train one, or promote one`);
  const learned = readable(kept);
  const asOf = await dataMoment(stores);
  const { warehouse } = stores;
  const past = await readPast(warehouse, asOf, { exclude, signal: work.signal });
  const run = { warehouse, version: kept.version, asOf, madeAt: await nextScoredAt(stores, NAME) };
  const listOf = await lister(stores, past, learned);
  const scored = await writeLists(run, past, listOf, work);
  await finish(run, scored);
  return { version: kept.version, as_of: asOf, scored, chosen: scored };
}

type ListOf = (row: number) => { product_id: string; score: number; source: string }[];

async function lister(
  { records, clock }: Stores,
  past: Past,
  learned: ReturnType<typeof readable>,
): Promise<ListOf> {
  const settings = await recommendationSettings(records);
  const { catalogue, histories } = past;
  const shelf = shelfOf(learned, catalogue);
  const allowed = allowedBy({ catalogue, settings });
  const ids = namesInOrder(catalogue.map(({ product_id }) => product_id));
  const numberOf = (id: string): number | undefined => (ids.find(id) < 0 ? undefined : ids.find(id));
  const { repeats } = settings.dials;
  const now = clock.now();
  return row => {
    const history = historyAt(histories, row);
    const bought = new Set(repeats ? [] : history.items.filter((_, at) => history.orders[at] > 0));
    const ranking = shelf.rank(history, { k: DEPTH, repeats, allowed });
    const allows = (item: number): boolean => allowed[item] === 1 && !bought.has(item);
    const list = arranged(shelf, ranking, { k: KEPT, settings, surface: 'email', now, allows, numberOf });
    return list.map(({ item, score, source }) => ({ product_id: catalogue[item].product_id, score, source }));
  };
}

async function writeLists(run: Run, { histories }: Past, listOf: ListOf, work: Work): Promise<number> {
  let scored = 0;
  for (let from = 0; from < histories.rows; from += CHUNK) {
    work.signal?.throwIfAborted();
    await setImmediate();
    const rows: object[] = [];
    for (let row = from; row < Math.min(histories.rows, from + CHUNK); row++) {
      const customer_id = histories.ids.at(row);
      if (!isKnown(customer_id)) continue;
      scored++;
      const stamp = stampOf(run, customer_id);
      listOf(row).forEach((one, at) => rows.push({ ...stamp, rank: at + 1, ...one }));
    }
    await run.warehouse.insert('recommendations', rows, {
      token: `recommendations:${run.version}:${run.madeAt}:${from}`,
    });
    work.onProgress?.({ done: scored, unit: 'customers', step: 'score' });
  }
  return scored;
}

function stampOf({ version, asOf, madeAt }: Run, customer_id: string) {
  return { version, as_of: clickhouseTime(asOf), made_at: clickhouseTime(madeAt), customer_id };
}

/** Marks the run as whole: from here on it is the one that readers take. Then drops the runs before the last. */
async function finish({ warehouse, version, asOf, madeAt }: Run, customers: number): Promise<void> {
  const row = {
    ...{ scenario: NAME, version, as_of: clickhouseTime(asOf), scored_at: clickhouseTime(madeAt), customers },
    ...{ drift: {}, drifted: [], score_drift: 0 },
  };
  await warehouse.insert('score_runs', [row], { token: `score_runs:${NAME}:${madeAt}` });
  const runs = await warehouse.query<{ run: string }>(
    `SELECT DISTINCT partition_id AS run FROM system.parts
     WHERE database = currentDatabase() AND table = 'recommendations' AND active ORDER BY toInt64(partition) DESC OFFSET 2`,
  );
  for (const { run } of runs)
    await warehouse.command('ALTER TABLE recommendations DROP PARTITION ID {run:String}', { run });
}
