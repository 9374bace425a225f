import type { SparseRows } from '../../sparse.ts';
import { murmur3, placeOf } from './murmur.ts';
import { normalised, type Segment } from './segment.ts';

export type Range = readonly [from: number, to: number];

export interface GramRanges {
  words: Range | null;
  characters: Range | null;
}

/** Words and characters are hashed apart: the word "the" is another feature than these three characters. */
const WORD_SEED = 0;
const CHARACTER_SEED = 1;
const SPACE = 0x20;

const encoder = new TextEncoder();

/**
 * Counts the hashed n-grams of one text after the other. N-grams are hashed where they lie, in the UTF-8 of the text:
 * no n-gram becomes a string.
 */
export class Grams {
  readonly #width: number;
  readonly #ranges: GramRanges;
  readonly #segment: Segment;
  /** Where in `#indices` the last entry of a place is; older than the text at hand where it is below its start. */
  readonly #entries: Uint32Array;
  readonly #offsets: number[] = [0];
  #indices = new Uint32Array(1024);
  #values = new Float32Array(1024);
  #next = 0;
  #bytes = new Uint8Array(1024);
  #starts = new Uint32Array(1025);

  constructor(width: number, ranges: GramRanges, segment: Segment) {
    this.#width = width;
    this.#ranges = ranges;
    this.#segment = segment;
    this.#entries = new Uint32Array(width);
  }

  add(text: string): void {
    const { words, characters } = this.#ranges;
    const start = this.#next;
    if (words) {
      const length = this.#write(this.#segment(text).join(' '));
      this.#count(this.#wordStarts(length), 1, words, WORD_SEED, start);
    }
    if (characters) {
      const length = this.#write(` ${normalised(text)} `);
      this.#count(this.#characterStarts(length), 0, characters, CHARACTER_SEED, start);
    }
    this.#offsets.push(this.#next);
  }

  /** One row a text: places in the order in which they first came, and how often. */
  rows(): SparseRows {
    return {
      rows: this.#offsets.length - 1,
      width: this.#width,
      offsets: Uint32Array.from(this.#offsets),
      indices: this.#indices.slice(0, this.#next),
      values: this.#values.slice(0, this.#next),
    };
  }

  /** How many bytes of UTF-8 the text has. */
  #write(text: string): number {
    // a UTF-16 unit is at most three bytes
    if (text.length * 3 > this.#bytes.length) {
      this.#bytes = new Uint8Array(text.length * 6);
      this.#starts = new Uint32Array(text.length * 6 + 1);
    }
    return encoder.encodeInto(text, this.#bytes).written;
  }

  /** How many words there are: `#starts` says where each begins, and after the last, where one more would. */
  #wordStarts(length: number): number {
    let count = 0;
    for (let at = 0; at < length; at++)
      if (this.#bytes[at] !== SPACE && (at === 0 || this.#bytes[at - 1] === SPACE))
        this.#starts[count++] = at;
    this.#starts[count] = length + 1;
    return count;
  }

  #characterStarts(length: number): number {
    let count = 0;
    for (let at = 0; at < length; at++) if ((this.#bytes[at] & 0xc0) !== 0x80) this.#starts[count++] = at;
    this.#starts[count] = length;
    return count;
  }

  /** Counts each n-gram of `units` units; `gap` bytes lie between one unit and the next. */
  #count(units: number, gap: number, [from, to]: Range, seed: number, start: number): void {
    const starts = this.#starts;
    for (let first = 0; first < units; first++)
      for (let n = from; n <= to && first + n <= units; n++)
        this.#countOne(
          placeOf(murmur3(this.#bytes, seed, starts[first], starts[first + n] - gap), this.#width),
          start,
        );
  }

  #countOne(place: number, start: number): void {
    const at = this.#entries[place];
    if (at >= start && at < this.#next && this.#indices[at] === place) {
      this.#values[at] = this.#values[at] + 1;
      return;
    }
    if (this.#next === this.#indices.length) this.#grow();
    this.#entries[place] = this.#next;
    this.#indices[this.#next] = place;
    this.#values[this.#next++] = 1;
  }

  #grow(): void {
    const [indices, values] = [this.#indices, this.#values];
    this.#indices = new Uint32Array(indices.length * 2);
    this.#values = new Float32Array(values.length * 2);
    this.#indices.set(indices);
    this.#values.set(values);
  }
}
