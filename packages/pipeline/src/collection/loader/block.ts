import type { Frame, JournalTable } from '../journal/frames.ts';
import { EVENT_LINE_START } from '../lines.ts';
import { murmur2, murmur3 } from './hash.ts';
import type { SeenIds } from './seen.ts';

/** Rows of a stretch of the journal that go into the warehouse together. */
export interface Block {
  /** Bytes of the journal. */
  bytes: number;
  rows: Record<JournalTable, number>;
  lines: Record<JournalTable, Buffer>;
  /** Where each event's line begins in `lines.events`, and where the last ends. */
  starts: Uint32Array;
}

export function blockOf(frames: readonly Frame[]): Block {
  const all = (table: JournalTable): Buffer => Buffer.concat(frames.map(frame => frame.lines[table]));
  const count = (table: JournalTable): number => frames.reduce((sum, frame) => sum + frame.rows[table], 0);
  const events = all('events');
  return {
    bytes: frames.reduce((sum, frame) => sum + frame.bytes, 0),
    rows: {
      events: count('events'),
      quarantine: count('quarantine'),
      quarantine_replays: count('quarantine_replays'),
    },
    lines: { events, quarantine: all('quarantine'), quarantine_replays: all('quarantine_replays') },
    starts: lineStarts(events, count('events')),
  };
}

const LINE_FEED = 10;

function lineStarts(lines: Buffer, rows: number): Uint32Array {
  const starts = new Uint32Array(rows + 1);
  for (let row = 1; row <= rows; row++) starts[row] = lines.indexOf(LINE_FEED, starts[row - 1]) + 1;
  return starts;
}

/** The line of an event, without its line feed. */
export function eventText(block: Block, row: number): string {
  return block.lines.events.toString('utf8', block.starts[row], (block.starts[row + 1] ?? 1) - 1);
}

/** The lines of events `from` to `to`, without those that are `dropped` (in ascending order). */
export function eventLines(block: Block, from: number, to: number, dropped: readonly number[]): Buffer {
  const parts: Buffer[] = [];
  let start = from;
  for (const row of [...dropped.filter(each => each >= from && each < to), to]) {
    parts.push(block.lines.events.subarray(block.starts[start], block.starts[row]));
    start = row + 1;
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}

/** An event whose id may be known already. */
export interface Suspect {
  row: number;
  id: string;
  hash: number;
}

const ID_START = EVENT_LINE_START.length;
const QUOTE = 34;
const BACKSLASH = 92;

/** Tells every id of a block to the memory of ids, and returns those that it may have met before. */
export function meetIds(block: Block, seen: SeenIds): Suspect[] {
  const suspects: Suspect[] = [];
  for (let row = 0; row < block.rows.events; row++) {
    const { bytes, from, to } = idBytes(block.lines.events, (block.starts[row] ?? 0) + ID_START);
    const hash = murmur3(bytes, from, to);
    if (seen.meet(hash, murmur2(bytes, from, to)))
      suspects.push({ row, hash, id: bytes.toString('utf8', from, to) });
  }
  return suspects;
}

/** Every id of a block with its row, in order: only where there is a suspect. */
export function idsOf(block: Block): string[] {
  return Array.from({ length: block.rows.events }, (_, row) => {
    const { bytes, from, to } = idBytes(block.lines.events, (block.starts[row] ?? 0) + ID_START);
    return bytes.toString('utf8', from, to);
  });
}

/** The bytes of the id that a line holds; where it is escaped, of its plain text. */
function idBytes(lines: Buffer, from: number): { bytes: Buffer; from: number; to: number } {
  let to = from;
  let escaped = false;
  while (lines[to] !== QUOTE) {
    if (lines[to] === BACKSLASH) {
      escaped = true;
      to += 1;
    }
    to += 1;
  }
  if (!escaped) return { bytes: lines, from, to };
  const plain = Buffer.from(JSON.parse(lines.toString('utf8', from - 1, to + 1)) as string); // a quoted text
  return { bytes: plain, from: 0, to: plain.length };
}
