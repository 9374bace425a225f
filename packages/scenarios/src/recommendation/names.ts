/**
 * Many names in rising order of their bytes, end to end in one buffer: a million customers take their letters and four
 * bytes each, not an object each.
 */
export interface Names {
  readonly length: number;
  at(place: number): string;
  /** The place of a name; -1 where it is not among them. */
  find(name: string): number;
}

/** Collects names that come in rising order of their UTF-8 bytes, as ClickHouse sorts them. */
export class NamesBuilder {
  readonly #chunks: Buffer[] = [];
  readonly #ends: number[] = [];
  #end = 0;

  get length(): number {
    return this.#ends.length;
  }

  add(name: string): void {
    const bytes = Buffer.from(name);
    this.#chunks.push(bytes);
    this.#end += bytes.length;
    this.#ends.push(this.#end);
    if (this.#chunks.length >= 65_536)
      this.#chunks.splice(0, this.#chunks.length, Buffer.concat(this.#chunks));
  }

  build(): Names {
    return namesOf(Buffer.concat(this.#chunks), Uint32Array.from(this.#ends));
  }
}

/**
 * Names that rise already, as ClickHouse sorts them.
 *
 * @example
 * namesInOrder(['c1', 'c2']).find('c2') // 1
 */
export function namesInOrder(names: Iterable<string>): Names {
  const builder = new NamesBuilder();
  for (const name of names) builder.add(name);
  return builder.build();
}

function namesOf(bytes: Buffer, ends: Uint32Array): Names {
  const startOf = (place: number): number => (place === 0 ? 0 : ends[place - 1]);
  return {
    length: ends.length,
    at: place => bytes.toString('utf8', startOf(place), ends[place]),
    find: name => {
      const wanted = Buffer.from(name);
      let [low, high] = [0, ends.length - 1];
      while (low <= high) {
        const middle = (low + high) >>> 1;
        const order = bytes.compare(wanted, 0, wanted.length, startOf(middle), ends[middle]);
        if (order === 0) return middle;
        if (order < 0) low = middle + 1;
        else high = middle - 1;
      }
      return -1;
    },
  };
}
