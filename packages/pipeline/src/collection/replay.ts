import { type Clock, type Refusal } from '@bellwether/contracts';
import { clickhouseTime, sqlBeside, type Warehouse } from '@bellwether/warehouse';
import type { Arrival } from './draft.ts';
import { entryOf, sectionOf, type Entry } from './journal/frames.ts';
import { isDraft, judgeEvent } from './judge.ts';
import { eventLine, replayLine } from './lines.ts';
import { murmur3 } from './loader/hash.ts';
import { knownIds } from './loader/seen.ts';

/** Which refused rows to try again: those of a reason, those named, or all. */
export interface Replay {
  reason?: Refusal | undefined;
  ids?: readonly string[] | undefined;
}

export interface Replayed {
  accepted: number;
  refused: number;
}

export interface ReplayStores {
  warehouse: Pick<Warehouse, 'query'>;
  clock: Clock;
  /** Makes an entry durable; it reaches the warehouse exactly once. */
  keep: (entry: Entry) => Promise<void>;
  drained: () => Promise<void>;
}

interface OpenRow {
  id: string;
  source: string;
  raw: string;
  at: string;
}

const OPEN_EVENTS = sqlBeside(import.meta.url, 'open-events.sql');
const ROWS_A_PASS = 1_000;

/**
 * Takes refused events of the API through the same steps again. Events and outcomes go through the journal together,
 * and an event without a messageId takes its row's id: so a replay repeated, or cut off by a crash, adds nothing twice.
 * Rows of imports are left alone: their importer brings them back.
 */
export async function replayRefused(stores: ReplayStores, which: Replay): Promise<Replayed> {
  const sum = { accepted: 0, refused: 0 };
  const before = clickhouseTime(stores.clock.now());
  for (let after = { at: '1970-01-01 00:00:00.000', id: '' }; ;) {
    const rows = await openRows(stores, which, { before, after });
    const last = rows.at(-1);
    if (last === undefined) return sum;
    const accepted = await replayRows(stores, rows);
    sum.accepted += accepted;
    sum.refused += rows.length - accepted;
    after = { at: clickhouseTime(new Date(last.at)), id: last.id };
  }
}

async function openRows(
  { warehouse }: ReplayStores,
  { reason, ids }: Replay,
  { before, after }: { before: string; after: { at: string; id: string } },
): Promise<OpenRow[]> {
  const found: OpenRow[] = [];
  // ids are given a few at a time: they travel in the URL
  for (const some of ids === undefined ? [[]] : slices(ids, IDS_A_QUERY)) {
    found.push(
      ...(await warehouse.query<OpenRow>(OPEN_EVENTS, {
        reason: reason ?? '',
        ids: some,
        any_id: ids === undefined,
        before,
        after_at: after.at,
        after_id: after.id,
        most: ROWS_A_PASS,
      })),
    );
  }
  return found.sort(byArrival).slice(0, ROWS_A_PASS);
}

const IDS_A_QUERY = 100;

function slices<T>(all: readonly T[], length: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / length) }, (_, n) =>
    all.slice(n * length, (n + 1) * length),
  );
}

const byArrival = (a: OpenRow, b: OpenRow): number =>
  a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : Number(a.id > b.id);

/** Tries rows again, and returns how many were accepted once their outcome is in the warehouse. */
async function replayRows(
  { warehouse, clock, keep, drained }: ReplayStores,
  rows: OpenRow[],
): Promise<number> {
  const outcomes = rows.map(row => ({ row, event: judgeEvent(parse(row.raw), arrivalOf(row)) }));
  const events = outcomes.map(({ event }) => event).filter(isDraft);
  // at any time, not only within the window: the client may have mended and sent it again long ago
  const known = await knownIds(
    warehouse,
    events.map(event => murmur3(Buffer.from(event.eventId))),
    0,
  );
  const fresh = events.filter(event => !known.has(event.eventId));
  await keep(
    entryOf({
      events: sectionOf(fresh.map(eventLine)),
      quarantine_replays: sectionOf(
        outcomes.map(({ row, event }) => replayLine(row.id, clock.now(), isDraft(event))),
      ),
    }),
  );
  await drained();
  return events.length;
}

function arrivalOf(row: OpenRow): Arrival {
  return { source: row.source, receivedAt: Date.parse(row.at), newId: () => row.id };
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}
