import { AppError, sentenceOf, type Import, type Work } from '@bellwether/contracts';
import type { Stores } from '../../stores.ts';
import { BLOCK, type BlockLimits } from './file/block.ts';
import {
  changeImport,
  type ImportChanges,
  getImport,
  importRow,
  shapeIn,
  type ImportRow,
} from './imports.ts';
import { workTables } from './load/names.ts';
import { dropWork, publish, quarantine } from './load/publish.ts';
import { makeReady, type Load, type Outcome } from './load/ready.ts';
import { stageFile } from './stage.ts';
import { exclusively } from './lock.ts';
import { hashOf, twinOf } from './twin.ts';

/**
 * Carries an import out, or goes on with one that was stopped or whose process died: records are staged block by block,
 * then checked and published as a whole. Whatever happens in between, the end is the same, each row once.
 *
 * @param work `signal` stops it after the block under way, state `stopped`; progress comes in bytes, then in rows
 * @param limits where blocks end; the same for every run of one import
 * @throws AppError `import.…`; the import's state is then `failed`, with the sentence
 * @example
 * const { rows_loaded, rows_refused, rows_known } = await runImport(stores, id, { onProgress: console.log });
 */
export async function runImport(
  stores: Stores,
  importId: string,
  work: Work = {},
  limits: BlockLimits = BLOCK,
): Promise<Import> {
  await exclusively(stores.records, importId, async () => {
    const row = await importRow(stores.records, importId);
    if (row.state === 'done') return;
    await changeImport(stores.records, importId, { state: 'running', error: null });
    try {
      await carryOut(stores, row, work, limits);
    } catch (error) {
      if (!stopped(work)) await fail(stores, importId, error);
    }
    if (stopped(work)) await stop(stores, importId);
  });
  return getImport(stores.records, importId);
}

function stopped({ signal }: Work): boolean {
  return signal?.aborted === true;
}

async function stop({ records }: Stores, importId: string): Promise<void> {
  await records
    .updateTable('imports')
    .set({ state: 'stopped' })
    .where('id', '=', importId)
    .where('state', '=', 'running')
    .execute();
}

async function fail({ records }: Stores, importId: string, error: unknown): Promise<never> {
  await changeImport(records, importId, { state: 'failed', error: sentenceOf(error) });
  throw error;
}

async function carryOut(stores: Stores, row: ImportRow, work: Work, limits: BlockLimits): Promise<void> {
  const hash = await hashOf(row, work.onProgress);
  if (row.file_hash !== '' && row.file_hash !== hash)
    throw new AppError(
      'import.file_changed',
      `${row.file_name} has changed since its import began; import it anew`,
    );
  const twin = await twinOf(stores.records, row, hash);
  if (twin !== undefined) return finish(stores, row, { ...asKnown(twin), file_hash: hash });
  await stageFile(stores, { ...row, file_hash: hash }, shapeIn(row), work, limits);
  if (!stopped(work)) await load(stores, row, work);
}

function asKnown({ rows_read }: ImportRow): Counts {
  return { rows_read, rows_known: rows_read, rows_loaded: 0, rows_refused: 0 };
}

type Counts = Pick<ImportRow, 'rows_read' | 'rows_loaded' | 'rows_refused' | 'rows_known'>;

async function finish(
  stores: Stores,
  row: ImportRow,
  changes: Counts & Pick<ImportChanges, 'file_hash' | 'mapping'>,
): Promise<void> {
  await changeImport(stores.records, row.id, {
    ...changes,
    state: 'done',
    bytes_done: row.bytes_total,
    finished_at: new Date(stores.clock.now()),
  });
}

/** Makes rows of what is staged, publishes them and cleans up. */
async function load(stores: Stores, row: ImportRow, work: Work): Promise<void> {
  const { warehouse } = stores;
  const { id: importId, kind, mapping } = row;
  const job: Load = {
    importId,
    kind,
    mapping,
    shape: shapeIn(row),
    tables: workTables(importId),
    token: importId,
    now: row.created_at,
  };
  work.onProgress?.({ done: 0, unit: 'rows', step: 'import.check' });
  const outcome = await makeReady(warehouse, job, work.signal);
  await publish(warehouse, job, outcome, work);
  await quarantine(warehouse, job, outcome);
  // before the import is called done: what is left over by a crash in between is found by the run that goes on
  await dropWork(warehouse, job);
  await finish(stores, row, {
    ...countsOf(outcome),
    mapping: JSON.stringify({ ...mapping, ...outcome.found }),
  });
}

function countsOf({ read, loaded, refused, known }: Outcome): Counts {
  return { rows_read: read, rows_loaded: loaded, rows_refused: refused, rows_known: known };
}
