import { crc32 } from 'node:zlib';

/**
 * The tables that the journal carries lines for, in the order in which a frame holds them. They are loaded in this
 * order too, so that an event is in before the row that says it is.
 */
export const JOURNAL_TABLES = ['events', 'quarantine', 'quarantine_replays'] as const;
export type JournalTable = (typeof JOURNAL_TABLES)[number];

/** Lines of JSON for one table, each with its line feed. Bytes, not texts: they wait outside of the collected heap. */
export interface Section {
  rows: number;
  lines: Buffer;
}

/** What one caller hands to the journal. */
export type Entry = Readonly<Record<JournalTable, Section>>;

const NOTHING = Buffer.alloc(0);
const EMPTY: Section = { rows: 0, lines: NOTHING };

/** Lines as a section. */
export function sectionOf(lines: readonly string[]): Section {
  return lines.length === 0 ? EMPTY : { rows: lines.length, lines: Buffer.from(lines.join('')) };
}

/** An entry with what is given, and nothing else. */
export function entryOf(sections: Partial<Entry>): Entry {
  return { events: EMPTY, quarantine: EMPTY, quarantine_replays: EMPTY, ...sections };
}

/** Bytes of the lines. */
export const lengthOf = (entry: Entry): number =>
  JOURNAL_TABLES.reduce((length, table) => length + entry[table].lines.length, 0);

/** A frame read back. */
export interface Frame {
  /** Bytes of the whole frame, its header included. */
  bytes: number;
  rows: Record<JournalTable, number>;
  lines: Record<JournalTable, Buffer>;
}

/*
 * A frame is what one fdatasync makes durable: the lines of all callers that waited for it.
 *
 *   bytes of the lines: u32 | CRC-32 of all that follows: u32 | for each table rows: u32, bytes: u32 | the lines
 *
 * Little-endian. A frame is whole or it is not there: at a crash nobody had been told of its events.
 */
const CHECKED_FROM = 8;
const HEADER = CHECKED_FROM + 8 * JOURNAL_TABLES.length;

/** Writes the entries of many callers as one frame. */
export function encodeFrame(entries: readonly Entry[]): Buffer {
  const header = Buffer.alloc(HEADER);
  const parts: Buffer[] = [header];
  for (const [index, table] of JOURNAL_TABLES.entries()) {
    const sections = entries.map(entry => entry[table]).filter(section => section.rows > 0);
    const total = (of: (section: Section) => number): number =>
      sections.reduce((sum, each) => sum + of(each), 0);
    header.writeUInt32LE(
      total(section => section.rows),
      CHECKED_FROM + 8 * index,
    );
    header.writeUInt32LE(
      total(section => section.lines.length),
      CHECKED_FROM + 8 * index + 4,
    );
    parts.push(...sections.map(section => section.lines));
  }
  const frame = Buffer.concat(parts);
  frame.writeUInt32LE(frame.length - HEADER, 0);
  frame.writeUInt32LE(crc32(frame.subarray(CHECKED_FROM)), 4);
  return frame;
}

/** The bytes that the frame at `offset` claims to have, or undefined where not even its length is there. */
export function frameLength(buffer: Buffer, offset: number): number | undefined {
  return offset + 4 <= buffer.length ? HEADER + buffer.readUInt32LE(offset) : undefined;
}

/** The frame at `offset`; undefined where it is cut short, or is not what was written. */
export function readFrame(buffer: Buffer, offset: number): Frame | undefined {
  const bytes = frameLength(buffer, offset);
  if (bytes === undefined || bytes === HEADER || offset + bytes > buffer.length) return undefined;
  const frame = buffer.subarray(offset, offset + bytes);
  if (crc32(frame.subarray(CHECKED_FROM)) !== frame.readUInt32LE(4)) return undefined;
  return { bytes, ...sectionsOf(frame) };
}

function sectionsOf(frame: Buffer): Pick<Frame, 'rows' | 'lines'> {
  const rows = { events: 0, quarantine: 0, quarantine_replays: 0 };
  const lines = { events: frame, quarantine: frame, quarantine_replays: frame };
  let start = HEADER;
  JOURNAL_TABLES.forEach((table, index) => {
    const end = start + frame.readUInt32LE(CHECKED_FROM + 8 * index + 4);
    rows[table] = frame.readUInt32LE(CHECKED_FROM + 8 * index);
    lines[table] = frame.subarray(start, end);
    start = end;
  });
  return { rows, lines };
}
