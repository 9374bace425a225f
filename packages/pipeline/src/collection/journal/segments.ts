import { AppError } from '@bellwether/contracts';
import { copyFile, mkdir, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from './disk.ts';
import { readFrame } from './frames.ts';

/** A place in the journal: a segment and a byte of it. */
export interface Position {
  segment: number;
  offset: number;
}

/** What every segment begins with: the name and version of the format. */
export const MAGIC = Buffer.from('BWJRNL1\n');

/** A segment on the disk. */
export interface Segment {
  number: number;
  /** Bytes up to which it is durable; nothing behind them counts. */
  end: number;
}

/** What waits to be loaded. */
export interface Waiting {
  events: number;
  bytes: number;
}

export function segmentPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(12, '0')}.journal`);
}

/**
 * Reads what an earlier process left: checks every frame from `from` on, cuts a torn tail, deletes segments that are
 * loaded or empty.
 *
 * @throws AppError `collection.journal_newer` when a later version wrote it
 */
export async function recoverSegments(
  folder: string,
  from: Position,
  log: (sentence: string) => void,
): Promise<{ segments: Segment[]; waiting: Waiting }> {
  await mkdir(folder, { recursive: true });
  const numbers = await segmentNumbers(folder);
  const segments: Segment[] = [];
  const waiting = { events: 0, bytes: 0 };
  for (const number of numbers) {
    const path = segmentPath(folder, number);
    const start = number === from.segment ? from.offset : MAGIC.length;
    const found = number < from.segment ? undefined : scan(await readFile(path), start, path);
    if (found === undefined || found.end <= start) {
      if (found !== undefined) await keepDamage(path, found, numbers.at(-1) !== number, log);
      await rm(path);
      continue;
    }
    await cutTail(path, found, numbers.at(-1) !== number, log);
    waiting.events += found.events;
    waiting.bytes += found.end - start;
    segments.push({ number, end: found.end });
  }
  await syncFolder(folder);
  return { segments, waiting };
}

async function segmentNumbers(folder: string): Promise<number[]> {
  const names = (await readdir(folder)).filter(name => /^\d{12}\.journal$/.test(name));
  return names.map(name => Number.parseInt(name, 10)).sort((a, b) => a - b);
}

interface Scan {
  /** Bytes that hold whole frames. */
  end: number;
  /** Bytes of the file. */
  length: number;
  events: number;
}

function scan(bytes: Buffer, start: number, path: string): Scan {
  // a name without its first bytes: the crash came before the first frame
  if (bytes.length < MAGIC.length) return { end: 0, length: bytes.length, events: 0 };
  refuseNewer(bytes, path);
  const found = { end: Math.min(start, bytes.length), length: bytes.length, events: 0 };
  for (;;) {
    const frame = readFrame(bytes, found.end);
    if (frame === undefined) return found;
    found.end += frame.bytes;
    found.events += frame.rows.events;
  }
}

function refuseNewer(bytes: Buffer, path: string): void {
  const start = bytes.subarray(0, MAGIC.length);
  if (start.equals(MAGIC) || start.every(byte => byte === 0)) return;
  throw new AppError(
    'collection.journal_newer',
    `${path} is not a journal of this version of Bellwether; upgrade, or choose another data folder`,
  );
}

async function cutTail(
  path: string,
  found: Scan,
  closed: boolean,
  log: (sentence: string) => void,
): Promise<void> {
  if (found.end === found.length) return;
  await keepDamage(path, found, closed, log);
  await truncate(path, found.end);
}

/**
 * A tail that does not check is normal at the end of the last segment: the process died while it wrote, and nobody had
 * been told that it was safe. In a segment that had been closed the disk itself is at fault: what is left stays beside.
 */
async function keepDamage(
  path: string,
  found: Scan,
  closed: boolean,
  log: (sentence: string) => void,
): Promise<void> {
  const bytes = found.length - found.end;
  if (!closed || bytes <= 0) return;
  await copyFile(path, `${path}.damaged`);
  log(`${path}: ${bytes} bytes behind byte ${found.end} do not check; the file is kept as ${path}.damaged`);
}
