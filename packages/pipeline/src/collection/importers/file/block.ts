import type { Refusal } from '@bellwether/contracts';

/** Where a block ends: at so many records, or so many bytes, whichever comes first. Both depend on the file alone. */
export interface BlockLimits {
  rows: number;
  bytes: number;
}

export const BLOCK: BlockLimits = { rows: 20_000, bytes: 8 * 1024 * 1024 };

/** Some records of a file as ClickHouse's TabSeparated: line, fault, detail, raw, then every column as text. */
export interface Block {
  index: number;
  rows: number;
  body: Buffer;
}

export const BACKSLASH = 92;
export const NEWLINE = 10;
export const TAB = 9;

/** The letter that stands after a backslash for a byte that TabSeparated may not hold as it is; 0 for the others. */
export const ESCAPES = new Uint8Array(256);
for (const [byte, letter] of Object.entries({ 0: '0', 9: 't', 10: 'n', 13: 'r', 92: '\\' }))
  ESCAPES[Number(byte)] = letter.charCodeAt(0);

/**
 * Collects records until a block is full. Fast readers write to `bytes` at `length` themselves, between `open` and
 * `close`; a record that proves faulty is taken back with `cancel`.
 */
export class BlockBuilder {
  readonly columns: number;
  bytes: Buffer;
  length = 0;
  rows = 0;
  readonly #limits: BlockLimits;
  #index = 0;
  #start = 0;

  constructor(columns: number, limits: BlockLimits = BLOCK) {
    this.columns = columns;
    this.#limits = limits;
    this.bytes = Buffer.allocUnsafe(64 * 1024);
  }

  /** Begins a record; `room` is the most bytes of text that it can have. */
  open(line: number, room: number): void {
    this.#reserve(2 * room + this.columns + 64);
    this.#start = this.length;
    this.length += this.bytes.write(`${line}\t\t\t\t`, this.length, 'latin1');
  }

  close(): void {
    this.bytes[this.length++] = NEWLINE;
    this.rows++;
  }

  /** Takes back what was written since `open`. */
  cancel(): void {
    this.length = this.#start;
  }

  /** A record that cannot be read, with the reason and its text. */
  refuse(line: number, reason: Refusal, detail: string, raw: string): void {
    const head = `${line}\t${reason}\t${escapeText(detail)}\t${escapeText(raw)}`;
    this.#write(head + '\t'.repeat(this.columns) + '\n');
    this.rows++;
  }

  /** A whole record at once, for readers that have its fields as text. */
  add(line: number, fields: readonly string[]): void {
    this.#write(`${line}\t\t\t\t${fields.map(escapeText).join('\t')}\n`);
    this.rows++;
  }

  full(): boolean {
    return this.rows >= this.#limits.rows || this.length >= this.#limits.bytes;
  }

  /** The block so far; the next one begins empty. */
  take(): Block {
    const body = Buffer.from(this.bytes.subarray(0, this.length));
    const block = { index: this.#index++, rows: this.rows, body };
    this.length = 0;
    this.rows = 0;
    return block;
  }

  #write(text: string): void {
    this.#reserve(3 * text.length);
    this.length += this.bytes.write(text, this.length);
  }

  #reserve(size: number): void {
    if (this.bytes.length - this.length >= size) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.bytes.length, this.length + size));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}

const SPECIAL = /[\0\t\n\r\\]/;
const EACH_SPECIAL = /[\0\t\n\r\\]/g;

function escapeText(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text.replace(EACH_SPECIAL, byte => `\\${String.fromCharCode(ESCAPES[byte.charCodeAt(0)])}`);
}

/** One record of a block, read back. */
export interface StagedRecord {
  line: number;
  fault: string;
  detail: string;
  raw: string;
  fields: string[];
}

const UNESCAPED: Record<string, string> = { '0': '\0', t: '\t', n: '\n', r: '\r', '\\': '\\' };

/** A block's records as text: for previews and tests. */
export function recordsOf(block: Block): StagedRecord[] {
  const lines = block.body.toString('utf8').split('\n').slice(0, -1);
  return lines.map(text => {
    const [line, fault, detail, raw, ...fields] = text
      .split('\t')
      .map(field => field.replace(/\\(.)/g, (_, letter: string) => UNESCAPED[letter]));
    return { line: Number(line), fault: fault, detail: detail, raw: raw, fields };
  });
}
