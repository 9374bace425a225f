import { AppError, type Clock, type Erasure, type Work } from '@bellwether/contracts';
import {
  sql,
  type ErasureSubject,
  type ErasuresTable,
  type Records,
  type Selectable,
} from '@bellwether/records';
import { sqlBeside, type Warehouse } from '@bellwether/warehouse';
import { randomUUID } from 'node:crypto';
import type { PrivacyStores } from '../stores.ts';
import { erasureKey, hashOf } from './hashes.ts';
import { paramsOf, recordsPlaces, warehousePlaces, type Place } from './places.ts';
import { ownEmails, personOf } from './whom.ts';

const ANONYMOUS_LINES = sqlBeside(import.meta.url, 'anonymous-lines.sql');

export interface ErasureStores extends PrivacyStores {
  clock: Clock;
}

export interface ErasureRequest {
  customerId: string;
  /** Who ordered it and why: kept, so it must name nobody's data. */
  by: string;
  reason: string;
}

/**
 * Writes down that a person is to be erased, with every id and address by which they are known, and from this moment
 * holds them back: whatever is told of them later goes at the next preparation. The erasing itself is `runErasure`.
 *
 * @throws AppError `customer.unknown`
 */
export async function requestErasure(stores: ErasureStores, request: ErasureRequest): Promise<Erasure> {
  const { records, clock } = stores;
  const { id, ...subject } = await personOf(stores, request.customerId);
  return keepRequest(records, subject, {
    ...{ subject_id: id, reason: request.reason, by: request.by, at: new Date(clock.now()) },
    own: await ownEmails(stores.warehouse, subject),
  });
}

interface Asked {
  subject_id: string;
  reason: string;
  by: string;
  at: Date;
  /** The e-mail addresses that are theirs alone. */
  own: readonly string[];
}

async function keepRequest(
  records: Records,
  subject: ErasureSubject,
  { subject_id, reason, by, at, own }: Asked,
): Promise<Erasure> {
  const key = await erasureKey(records);
  return records.transaction().execute(async inside => {
    const row = await inside
      .insertInto('erasures')
      .values({
        id: `era_${randomUUID()}`,
        subject: JSON.stringify(subject),
        subject_hash: hashOf(key, subject_id),
        ...{ reason, requested_by: by, requested_at: at, finished_at: null },
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    const hashes = [...new Set([...subject.ids, ...own])].map(text => hashOf(key, text));
    await inside
      .insertInto('held_back')
      .values(hashes.map(hash => ({ hash, erasure_id: row.id, lifted_at: null, lifted_by: null })))
      .onConflict(conflict =>
        conflict.column('hash').doUpdateSet({ erasure_id: row.id, lifted_at: null, lifted_by: null }),
      )
      .execute();
    return erasureOf(row);
  });
}

/**
 * Erases the person of a request from both stores, and ends by forgetting whom it was about: only keyed hashes and
 * counts stay. Every step may be repeated: a run that was cut off is simply started again.
 *
 * @throws AppError `privacy.no_such_erasure`
 */
export async function runErasure(stores: ErasureStores, id: string, work: Work = {}): Promise<Erasure> {
  const { warehouse, records, clock } = stores;
  const row = await records.selectFrom('erasures').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new AppError('privacy.no_such_erasure', `there is no erasure ${id}`);
  if (row.subject === null) return erasureOf(row);
  const { subject } = row;
  const places = await warehousePlaces(warehouse);
  const step = stepper(work, places.length + 2);
  step('erase.orders');
  await keepCounts(records, id, { order_lines: await anonymise(warehouse, subject) });
  for (const place of places) {
    step('erase.warehouse');
    if (place.table === 'order_lines') continue;
    await keepCounts(records, id, { [place.table]: await eraseFrom(warehouse, place, subject) });
  }
  step('erase.records');
  return forget(records, id, subject, new Date(clock.now()));
}

/** Orders stay for the books, as a basket of nobody: whose they were is gone. */
async function anonymise(warehouse: Warehouse, subject: ErasureSubject): Promise<number> {
  const place = (await warehousePlaces(warehouse)).find(({ table }) => table === 'order_lines');
  if (place === undefined) return 0;
  const params = paramsOf(subject);
  const { n } = await warehouse.one<{ n: number }>(
    `SELECT count() AS n FROM order_lines WHERE ${place.condition}`,
    params,
  );
  if (n > 0)
    await warehouse.command(
      `ALTER TABLE order_lines UPDATE customer_id = '', anonymous_id = '', email = '', phone = '' WHERE ${place.condition}`,
      params,
      { mutations_sync: '1' },
    );
  await warehouse.command(ANONYMOUS_LINES, params);
  return n;
}

/** Rows are hidden at once by a lightweight DELETE, then written out of the parts that held them. */
async function eraseFrom(warehouse: Warehouse, place: Place, subject: ErasureSubject): Promise<number> {
  const { table, condition } = place;
  const params = paramsOf(subject);
  const { n } = await warehouse.one<{ n: number }>(
    `SELECT count() AS n FROM ${table} WHERE ${condition}`,
    params,
  );
  if (n > 0) await warehouse.command(`DELETE FROM ${table} WHERE ${condition}`, params);
  const { masked } = await warehouse.one<{ masked: number }>(
    `SELECT count() AS masked FROM system.parts WHERE database = currentDatabase() AND table = {table:String} AND active AND has_lightweight_delete`,
    { table },
  );
  if (masked > 0)
    await warehouse.command(`ALTER TABLE ${table} APPLY DELETED MASK`, {}, { mutations_sync: '1' });
  return n;
}

/** What the records hold of them goes in one transaction with the end of the request. */
async function forget(
  records: Records,
  id: string,
  subject: ErasureSubject,
  finished_at: Date,
): Promise<Erasure> {
  const key = await erasureKey(records);
  return records.transaction().execute(async inside => {
    await hashSuppressions(inside, key, subject);
    const counts: Record<string, number> = {};
    for (const { table, condition } of await recordsPlaces(inside, subject)) {
      if (table === 'suppressions') continue;
      const gone = await sql`DELETE FROM ${sql.table(table)} WHERE ${condition}`.execute(inside);
      counts[table] = Number(gone.numAffectedRows ?? 0);
    }
    await keepCounts(inside, id, counts);
    const row = await inside
      .updateTable('erasures')
      .set({ subject: null, finished_at })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
    return erasureOf(row);
  });
}

/** A suppressed address stays suppressed, as a hash: whoever brings it back must not be written to. */
async function hashSuppressions(records: Records, key: string, subject: ErasureSubject): Promise<void> {
  const addresses = [...subject.emails, ...subject.phones];
  if (addresses.length === 0) return;
  const rows = await records
    .selectFrom('suppressions')
    .selectAll()
    .where('address', 'in', addresses)
    .execute();
  for (const row of rows) {
    await records
      .insertInto('suppressions')
      .values({ ...row, address: hashOf(key, row.address) })
      .onConflict(conflict => conflict.doNothing())
      .execute();
    await records
      .deleteFrom('suppressions')
      .where('channel', '=', row.channel)
      .where('address', '=', row.address)
      .execute();
  }
}

/** Adds to what a run that was cut off had counted. */
async function keepCounts(records: Records, id: string, counts: Record<string, number>): Promise<void> {
  for (const [table, n] of Object.entries(counts))
    if (n > 0)
      await records
        .updateTable('erasures')
        .set({
          removed: sql`removed || jsonb_build_object(${table}::text, coalesce((removed ->> ${table})::bigint, 0) + ${n}::bigint)`,
        })
        .where('id', '=', id)
        .execute();
}

function stepper(work: Work, total: number): (step: string) => void {
  let done = 0;
  return step => {
    work.signal?.throwIfAborted();
    work.onProgress?.({ done: done++, total, unit: 'steps', step });
  };
}

/** What was erased, newest first: the proof, without whom it was about. */
export async function erasures(records: Records): Promise<Erasure[]> {
  const rows = await records
    .selectFrom('erasures')
    .selectAll()
    .orderBy('requested_at', 'desc')
    .limit(1000)
    .execute();
  return rows.map(erasureOf);
}

function erasureOf(row: Selectable<ErasuresTable>): Erasure {
  const { id, subject_hash, reason, requested_by, requested_at, finished_at, removed } = row;
  return {
    ...{ id, subject_hash, reason, requested_by, removed },
    requested_at: requested_at.toISOString(),
    finished_at: finished_at?.toISOString() ?? null,
  };
}
