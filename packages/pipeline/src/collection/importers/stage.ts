import type { Work } from '@bellwether/contracts';
import type { Stores } from '../../stores.ts';
import { pseudonymiser } from './file/access-log.ts';
import type { Block, BlockLimits } from './file/block.ts';
import { blocksOf } from './file/blocks.ts';
import type { FileShape } from './file/shape.ts';
import { changeImport, type ImportRow } from './imports.ts';
import { workTables } from './load/names.ts';
import { createStaging, dropTables, hasTable, stageBlock } from './load/staging.ts';
import { pseudonymSecret } from './secret.ts';

/** How far the staging of a file has come. */
type Reached = Pick<ImportRow, 'file_hash' | 'blocks_done' | 'rows_read' | 'bytes_done'>;

/**
 * Stages the blocks of a file that are not staged yet, each on disk before the import says so; the next block is read
 * while one is on its way. Stops after a block when `work.signal` says so.
 */
export async function stageFile(
  stores: Stores,
  row: ImportRow,
  shape: FileShape,
  work: Work,
  limits: BlockLimits,
): Promise<void> {
  const reached = await whereItStopped(stores, row, shape);
  const pseudonymise = pseudonymiser(await pseudonymSecret(stores.records));
  const onBytes = (read: number): unknown => (reached.bytes_done = Math.max(reached.bytes_done, read));
  let underWay = Promise.resolve();
  for await (const block of blocksOf(row.file_path, shape, { limits, pseudonymise, onBytes })) {
    await underWay;
    if (work.signal?.aborted === true) return;
    if (block.index < reached.blocks_done) continue;
    underWay = stageOne(stores, row, block, reached, work);
    // its failure is met at the next await; until then it must not count as unhandled
    underWay.catch(() => undefined);
  }
  await underWay;
}

async function whereItStopped(stores: Stores, row: ImportRow, shape: FileShape): Promise<Reached> {
  const { staging } = workTables(row.id);
  const { file_hash, blocks_done, rows_read, bytes_done } = row;
  const goesOn = blocks_done > 0 && (await hasTable(stores.warehouse, staging));
  if (goesOn) return { file_hash, blocks_done, rows_read, bytes_done };
  await dropTables(stores.warehouse, staging);
  await createStaging(stores.warehouse, staging, shape.columns.length);
  const start = { file_hash, blocks_done: 0, rows_read: 0, bytes_done: 0 };
  await changeImport(stores.records, row.id, start);
  return start;
}

async function stageOne(
  { warehouse, records }: Stores,
  row: ImportRow,
  block: Block,
  reached: Reached,
  work: Work,
): Promise<void> {
  await stageBlock(warehouse, workTables(row.id).staging, row.id, block);
  reached.blocks_done = block.index + 1;
  reached.rows_read += block.rows;
  await changeImport(records, row.id, reached);
  work.onProgress?.({ done: reached.bytes_done, total: row.bytes_total, unit: 'bytes', step: 'import.read' });
}
