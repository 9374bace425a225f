const NEWLINE = 10;
const [OPEN, CLOSE, QUOTE, ESCAPE] = [123, 125, 34, 92];

/** A piece of a text and the line on which it begins, from 1. */
export interface Piece {
  line: number;
  bytes: Buffer;
}

/** The lines of a text, without their ends; blank ones are left out. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 0;
  for await (const chunk of chunks) {
    const text = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE, from)) {
      line++;
      if (end > from) yield { line, bytes: text.subarray(from, end) };
      from = end + 1;
    }
    rest = text.subarray(from);
  }
  if (rest.length > 0) yield { line: line + 1, bytes: rest };
}

/** The objects of a JSON array, however they are spread over lines. What stands between them is not looked at. */
export async function* itemsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  const scan = new ItemScan();
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const text = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    yield* scan.items(text, rest.length);
    rest = text.subarray(scan.from < 0 ? text.length : scan.from);
    if (scan.from >= 0) scan.from = 0;
  }
  if (rest.length > 0) yield { line: scan.startLine, bytes: rest };
}

/** Where a scan through an array is: inside how many braces, inside a string or not. */
class ItemScan {
  /** Where the object under way begins in the text, -1 between objects. */
  from = -1;
  startLine = 1;
  #line = 1;
  #depth = 0;
  #string = false;
  #escaped = false;

  *items(text: Buffer, at: number): Generator<Piece> {
    for (; at < text.length; at++) {
      const byte = text[at];
      if (byte === NEWLINE) this.#line++;
      if (this.#string) this.#inString(byte);
      else if (byte === QUOTE && this.#depth > 0) this.#string = true;
      else if (byte === OPEN && this.#depth++ === 0) this.#begin(at);
      else if (byte === CLOSE && this.#depth > 0 && --this.#depth === 0) {
        yield { line: this.startLine, bytes: text.subarray(this.from, at + 1) };
        this.from = -1;
      }
    }
  }

  #begin(at: number): void {
    this.from = at;
    this.startLine = this.#line;
  }

  #inString(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === ESCAPE) this.#escaped = true;
    else if (byte === QUOTE) this.#string = false;
  }
}

const LONG_INTEGERS = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

/** An object's fields as text, or nothing when this is no JSON object. Integers of any length keep their digits. */
export function fieldsOf(text: string): Record<string, string> | undefined {
  const exact = /\d{16}/.test(text)
    ? text.replace(LONG_INTEGERS, token => (token.startsWith('"') ? token : `"${token}"`))
    : text;
  let value: unknown;
  try {
    value = JSON.parse(exact);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, textOf(field)]));
}

/** A value as the text of a cell: nothing for null, JSON for what is nested. */
export function textOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? '' : value instanceof Date ? momentText(value) : nestedText(value);
    default:
      return '';
  }
}

function momentText(moment: Date): string {
  return Number.isNaN(moment.getTime()) ? '' : moment.toISOString();
}

function nestedText(value: object): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
}
