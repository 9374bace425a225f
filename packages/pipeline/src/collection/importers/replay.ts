import { AppError, type Mapping, type Work } from '@bellwether/contracts';
import { clickhouseTime, type Warehouse } from '@bellwether/warehouse';
import type { Stores } from '../../stores.ts';
import { pseudonymiser } from './file/access-log.ts';
import { BLOCK, BlockBuilder, type Block } from './file/block.ts';
import { readerOf, type ReadOptions } from './file/blocks.ts';
import type { FileShape } from './file/shape.ts';
import { changeImport, checkMapping, importRow, shapeIn, type ImportRow } from './imports.ts';
import { workTables } from './load/names.ts';
import { dropWork, publish } from './load/publish.ts';
import { makeReady, type Load } from './load/ready.ts';
import { createStaging, dropTables, stageBlock } from './load/staging.ts';
import { exclusively } from './lock.ts';
import { pseudonymSecret } from './secret.ts';

export interface ReplayedLines {
  accepted: number;
  refused: number;
}

/**
 * Reads the refused lines of an import again, after the mapping or what else refused them was mended. Those that are
 * good now come in as if they had been from the start, and leave the quarantine; a replay that was cut off and is
 * repeated adds nothing twice.
 *
 * @param mapping the mended mapping; the import's own when absent
 * @throws AppError `import.not_done` while the import is not finished, `import.replay_whole` for ad performance, and
 *   what `createImport` throws about a mapping
 * @example
 * await replayImport(stores, id, { mapping: { ...mapping, day_first: true } }); // { accepted: 12, refused: 0 }
 */
export async function replayImport(
  stores: Stores,
  importId: string,
  { mapping }: { mapping?: Mapping } = {},
  work: Work = {},
): Promise<ReplayedLines> {
  return exclusively(stores.records, importId, async () => {
    const row = await importRow(stores.records, importId);
    refuseReplay(row);
    const mended = { ...row, mapping: mapping ?? row.mapping };
    if (row.kind !== 'access_log') checkMapping(row.file_name, row.kind, mended.mapping, row.columns);
    const replayed = await replay(stores, mended, work);
    await keepCounts(stores, mended);
    return replayed;
  });
}

function refuseReplay({ id, state, kind, file_name }: ImportRow): void {
  if (state !== 'done')
    throw new AppError(
      'import.not_done',
      `the import ${id} is ${state}; its refused lines can be replayed when it is done`,
    );
  // a day's figures are a sum over lines: some of the lines cannot be added to it later without knowing the others
  if (kind === 'ad_performance')
    throw new AppError(
      'import.replay_whole',
      `lines of ad performance are added up by day; mend ${file_name} and import the whole of it again`,
    );
}

async function replay(stores: Stores, row: ImportRow, work: Work): Promise<ReplayedLines> {
  const { warehouse } = stores;
  const load = await loadOf(warehouse, row);
  await dropTables(warehouse, load.tables.staging);
  await createStaging(warehouse, load.tables.staging, row.columns.length);
  const secret = await pseudonymSecret(stores.records);
  for await (const block of openLines(warehouse, row.id, load.shape, { pseudonymise: pseudonymiser(secret) }))
    await stageBlock(warehouse, load.tables.staging, load.token, block);
  const outcome = await makeReady(warehouse, load, work.signal);
  await publish(warehouse, load, outcome, work);
  await markReplayed(stores, load);
  await dropWork(warehouse, load);
  return { accepted: outcome.loaded + outcome.known, refused: outcome.refused };
}

/** Each replay has a token of its own: it is no repetition of the one before it. */
async function loadOf(warehouse: Warehouse, row: ImportRow): Promise<Load> {
  const { n } = await warehouse.one<{ n: number }>(
    "SELECT uniqExact(at) AS n FROM quarantine_replays WHERE startsWith(id, concat({id:String}, ':'))",
    { id: row.id },
  );
  const { id: importId, kind, mapping, created_at: now } = row;
  const tables = workTables(importId, 'replay');
  return { importId, kind, mapping, shape: shapeIn(row), tables, token: `${importId}:replay:${n}`, now };
}

const OPEN = `
  SELECT line, raw FROM quarantine
  WHERE import_id = {id:String} AND line > {after:UInt64} AND id NOT IN (SELECT id FROM quarantine_replays WHERE accepted)
  ORDER BY line LIMIT {most:UInt64}`;

/** The lines of an import that are still refused, read again, under their own numbers. */
async function* openLines(
  warehouse: Warehouse,
  id: string,
  shape: FileShape,
  options: ReadOptions,
): AsyncGenerator<Block> {
  const block = new BlockBuilder(shape.columns.length);
  const read = readerOf(block, shape, options);
  for (let after = 0, more = true; more;) {
    const lines = await warehouse.query<{ line: number; raw: string }>(OPEN, { id, after, most: BLOCK.rows });
    for (const { line, raw } of lines) read({ line, bytes: Buffer.from(raw) });
    if (block.rows > 0) yield block.take();
    more = lines.length === BLOCK.rows;
    after = lines.at(-1)?.line ?? 0;
  }
}

async function markReplayed({ warehouse, clock }: Stores, { importId, tables, token }: Load): Promise<void> {
  await warehouse.command(
    `INSERT INTO quarantine_replays SELECT concat({id:String}, ':', toString(line)) AS id, {at:DateTime64(3, 'UTC')} AS at,
       line NOT IN (SELECT line FROM ${tables.ready} WHERE told = 'refused') AS accepted
     FROM ${tables.staging}`,
    { id: importId, at: clickhouseTime(clock.now()) },
    { insert_deduplicate: 1, insert_deduplication_token: token },
  );
}

/** A line that came back counts as loaded. */
async function keepCounts({ warehouse, records }: Stores, row: ImportRow): Promise<void> {
  const { n } = await warehouse.one<{ n: number }>(
    `SELECT count() AS n FROM quarantine
     WHERE import_id = {id:String} AND id NOT IN (SELECT id FROM quarantine_replays WHERE accepted)`,
    { id: row.id },
  );
  await changeImport(records, row.id, {
    rows_refused: n,
    rows_loaded: row.rows_read - row.rows_known - n,
    mapping: JSON.stringify(row.mapping),
  });
}
