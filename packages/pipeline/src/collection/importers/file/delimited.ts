import type { Refusal } from '@bellwether/contracts';
import { BACKSLASH, ESCAPES, NEWLINE, TAB, type BlockBuilder } from './block.ts';

const QUOTE = 34;
const RETURN = 13;

/** A record longer than this has lost its closing quote. */
const LONGEST_RECORD = 1024 * 1024;

const UNCLOSED = -1;
const NOT_DOUBLED = -2;

export interface DelimitedOptions {
  delimiter: string;
  /** Columns that each record must have; 0 takes any. */
  columns: number;
  /** Whether bytes of a record are not text in the encoding that the file was taken for. */
  damaged: (bytes: Buffer) => boolean;
  /** Records at the beginning that are no data: the header. */
  skip?: number;
  /** The number of the first line, 1 when absent. */
  line?: number;
}

/**
 * Reads delimited text (RFC 4180; CRLF or LF; newlines and doubled quotes inside quotes) from chunks of UTF-8 into
 * records. A record with a wrong number of columns, or whose quotes do not fit, is refused with its raw text, and
 * reading goes on at the next line: one bad line costs one line.
 */
export class DelimitedSplitter {
  readonly #block: BlockBuilder;
  readonly #delimiter: number;
  readonly #options: DelimitedOptions;
  #input: Buffer = Buffer.alloc(0);
  #at = 0;
  #last = false;
  #suspicious = false;
  /** The line on which the next record begins. */
  #line: number;
  #newlines = 0;
  #skip: number;

  constructor(block: BlockBuilder, options: DelimitedOptions) {
    this.#block = block;
    this.#options = options;
    this.#delimiter = options.delimiter.charCodeAt(0);
    this.#skip = options.skip ?? 0;
    this.#line = options.line ?? 1;
  }

  /** Takes a chunk, yields whenever the block is full; `last` says that no chunk follows. */
  *push(chunk: Buffer, last: boolean): Generator<void> {
    const rest = this.#input.subarray(this.#at);
    this.#input = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    this.#at = 0;
    this.#last = last;
    const whole = last ? this.#input.length : this.#input.lastIndexOf(NEWLINE) + 1;
    this.#suspicious = this.#options.damaged(this.#input.subarray(0, whole));
    while (this.#at < this.#input.length && this.#record()) {
      if (this.#block.full()) yield;
    }
  }

  /** Reads the record that begins at `#at`; false when its end is in a later chunk. */
  #record(): boolean {
    const start = this.#at;
    this.#newlines = 0;
    this.#block.open(this.#line, this.#input.length - start);
    let fields = 1;
    let at = this.#field(start);
    while (at >= 0 && this.#input[at] === this.#delimiter) {
      this.#block.bytes[this.#block.length++] = TAB;
      fields++;
      at = this.#field(at + 1);
    }
    return at < 0 ? this.#broken(start, at) : this.#finish(start, at, fields);
  }

  #field(at: number): number {
    if (this.#input[at] !== QUOTE) return this.#plain(at);
    const after = this.#quoted(at + 1);
    return after < 0 || this.#endsField(after) ? after : NOT_DOUBLED;
  }

  #endsField(at: number): boolean {
    const byte = this.#input[at];
    return at === this.#input.length || byte === this.#delimiter || byte === NEWLINE || this.#endsLine(at);
  }

  /** Whether a carriage return stands before a newline or at the end. */
  #endsLine(at: number): boolean {
    const next = at + 1;
    return this.#input[at] === RETURN && (next === this.#input.length || this.#input[next] === NEWLINE);
  }

  /** Copies an unquoted field; gives where it ends. */
  #plain(from: number): number {
    const input = this.#input;
    const delimiter = this.#delimiter;
    const out = this.#block.bytes;
    let length = this.#block.length;
    let at = from;
    for (; at < input.length; at++) {
      const byte = input[at];
      if (byte === delimiter || byte === NEWLINE) break;
      if (byte === RETURN && this.#endsLine(at)) break;
      const escape = ESCAPES[byte];
      if (escape !== 0) out[length++] = BACKSLASH;
      out[length++] = escape === 0 ? byte : escape;
    }
    this.#block.length = length;
    return at;
  }

  /** Copies a quoted field; gives where its closing quote was passed, or UNCLOSED. */
  #quoted(from: number): number {
    const input = this.#input;
    const out = this.#block.bytes;
    let length = this.#block.length;
    let after = UNCLOSED;
    for (let at = from; at < input.length; at++) {
      const byte = input[at];
      if (byte === QUOTE && input[++at] !== QUOTE) {
        after = at;
        break;
      }
      if (byte === NEWLINE) this.#newlines++;
      const escape = ESCAPES[byte];
      if (escape !== 0) out[length++] = BACKSLASH;
      out[length++] = escape === 0 ? byte : escape;
    }
    this.#block.length = length;
    // a quote that ends the chunk may be the first of a doubled one
    return after === input.length && !this.#last ? UNCLOSED : after;
  }

  #finish(start: number, end: number, fields: number): boolean {
    const next = this.#input[end] === RETURN ? end + 2 : end + 1;
    if (next > this.#input.length && !this.#last) return this.#wait();
    if (end === start || this.#skips()) this.#block.cancel();
    else if (this.#suspicious && this.#options.damaged(this.#input.subarray(start, end)))
      this.#refuse('not_decodable', 'bytes that are no text', this.#input.toString('latin1', start, end));
    else if (this.#options.columns !== 0 && fields !== this.#options.columns)
      this.#refuse(
        'wrong_number_of_columns',
        this.#expected(fields),
        this.#input.toString('utf8', start, end),
      );
    else this.#block.close();
    this.#at = next;
    this.#line += 1 + this.#newlines;
    return true;
  }

  #skips(): boolean {
    return this.#skip > 0 && this.#skip-- > 0;
  }

  /** A record whose quotes do not fit costs its first line. */
  #broken(start: number, fault: number): boolean {
    const mayClose = !this.#last && this.#input.length - start < LONGEST_RECORD;
    const newline = this.#input.indexOf(NEWLINE, start);
    if (mayClose && (fault === UNCLOSED || newline < 0)) return this.#wait();
    const end = newline < 0 ? this.#input.length : newline;
    const detail = fault === UNCLOSED ? 'a quote is not closed' : 'text follows a closing quote';
    this.#refuse('unclosed_quote', detail, this.#input.toString('utf8', start, end).replace(/\r$/, ''));
    this.#at = end + 1;
    this.#line++;
    return true;
  }

  #wait(): boolean {
    this.#block.cancel();
    return false;
  }

  #refuse(reason: Refusal, detail: string, raw: string): void {
    this.#block.cancel();
    this.#block.refuse(this.#line, reason, detail, raw);
  }

  #expected(fields: number): string {
    return `${fields} where ${this.#options.columns} are expected`;
  }
}
