import { DAY, type Clock } from '@bellwether/contracts';
import { clickhouseTime, sqlBeside, type Warehouse } from '@bellwether/warehouse';

/** How long after it arrived an event is known by its id. */
export const DEDUPLICATION_WINDOW = 7 * DAY;

/** Ids that one generation of the filter holds. */
const GENERATION = 4 * 1024 * 1024;
const BITS_PER_ID = 32;
const PROBES = 12;

const RECENT = sqlBeside(import.meta.url, 'recent-ids.sql');
const KNOWN = sqlBeside(import.meta.url, 'known-ids.sql');

/** A Bloom filter of one generation: at its full 4 M ids one id in a million is taken for another. */
class Generation {
  readonly #words = new Uint32Array((GENERATION * BITS_PER_ID) / 32);
  readonly #mask = GENERATION * BITS_PER_ID - 1;
  count = 0;

  has(h1: number, h2: number): boolean {
    let bit = h1;
    for (let probe = 0; probe < PROBES; probe++) {
      const place = bit & this.#mask;
      if (((this.#words[place >>> 5] ?? 0) & (1 << (place & 31))) === 0) return false;
      bit = (bit + (h2 | 1)) | 0;
    }
    return true;
  }

  add(h1: number, h2: number): void {
    let bit = h1;
    for (let probe = 0; probe < PROBES; probe++) {
      const place = bit & this.#mask;
      this.#words[place >>> 5] = (this.#words[place >>> 5] ?? 0) | (1 << (place & 31));
      bit = (bit + (h2 | 1)) | 0;
    }
    this.count += 1;
  }
}

/**
 * Which event ids may be in the warehouse already. "No" is certain and costs half a microsecond and no query; "maybe" is
 * checked exactly by `knownIds`, a scan of the window's ids, which only a block with a real repetition pays.
 *
 * It holds the ids that arrived at this process in the last seven days, or the last four to eight million where there
 * were more, in at most 32 MB; an event repeated later than that counts as new. Several nodes that share a warehouse
 * each know their own and, from their start, what the others had brought by then: a client's retry should reach the
 * node that it tried first.
 */
export class SeenIds {
  #current = new Generation();
  #previous: Generation | undefined;

  /** Remembers an id, given by its two hashes; true where it may have been remembered before. */
  meet(h1: number, h2: number): boolean {
    if (this.#current.has(h1, h2)) return true;
    const maybe = this.#previous?.has(h1, h2) ?? false;
    if (this.#current.count >= GENERATION) {
      this.#previous = this.#current;
      this.#current = new Generation();
    }
    this.#current.add(h1, h2);
    return maybe;
  }
}

/** The memory of ids as the warehouse's last seven days give it: 8 bytes an event, oldest first. */
export async function rememberIds(
  warehouse: Pick<Warehouse, 'bytes'>,
  clock: Clock,
  signal?: AbortSignal,
): Promise<SeenIds> {
  const seen = new SeenIds();
  const since = clickhouseTime(clock.now() - DEDUPLICATION_WINDOW);
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of await warehouse.bytes(RECENT, { since, most: 2 * GENERATION }, signal)) {
    const bytes = Buffer.concat([rest, chunk as Buffer]); // a stream of bytes yields buffers
    const whole = bytes.length - (bytes.length % 8);
    for (let at = 0; at < whole; at += 8) seen.meet(bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4));
    rest = bytes.subarray(whole);
  }
  return seen;
}

/**
 * Those of the ids that the warehouse has. They are asked for by hash, since thousands of them would not fit into a
 * URL as parameters, and compared as texts here.
 *
 * @param hashes `murmurHash3_32` of the ids asked for
 */
export async function knownIds(
  warehouse: Pick<Warehouse, 'query'>,
  hashes: readonly number[],
  since: number,
  signal?: AbortSignal,
): Promise<Set<string>> {
  const known = new Set<string>();
  for (let from = 0; from < hashes.length; from += HASHES_A_QUERY) {
    // numbers only: nothing of what a client wrote is in the text of the query
    const list = hashes.slice(from, from + HASHES_A_QUERY).join(',');
    const sql = KNOWN.replace('/* HASHES */', list);
    const rows = await warehouse.query<{ event_id: string }>(sql, { since: clickhouseTime(since) }, signal);
    for (const row of rows) known.add(row.event_id);
  }
  return known;
}

/** A query's text may have 256 KB. */
const HASHES_A_QUERY = 20_000;
