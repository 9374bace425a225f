import { AppError, type FileFormat, type Refusal, type RefusedRow, type Work } from '@bellwether/contracts';
import { Rng } from '@bellwether/ml';
import {
  blocksOf,
  isKnownName,
  pseudonymiser,
  recordsOf,
  shapeOf,
  type FileShape,
  type StagedRecord,
} from '../collection/importers/index.ts';

/** Cells that are held at once: some hundred megabytes as text. */
const MOST_CELLS = 6_000_000;
const MOST_ROWS = 200_000;
const MOST_COLUMNS = 2_000;
const REFUSED_SHOWN = 50;
/** V8 keeps the whole block alive behind a longer piece of it. */
const LONGEST_COPIED = 12;

/** The rows of a file as text, by column: all of them, or a sample drawn evenly from the whole file. */
export interface RawTable {
  fileName: string;
  format: FileFormat;
  bytes: number;
  columns: string[];
  /** One list a column, in the order of `lines`. */
  cells: string[][];
  /** The line of the file that each row stands on. */
  lines: number[];
  /** Rows of the file that could be read. */
  rows: number;
  refused: { total: number; reasons: { reason: Refusal; count: number }[]; examples: RefusedRow[] };
}

/** A file that can be read as a table. */
export interface TableFile {
  path: string;
  name: string;
}

/**
 * Reads a CSV, TSV, JSON lines or Parquet file, gzip or not. Where it has more rows than fit the budget, those kept are
 * drawn evenly from all of it (Vitter 1985, algorithm R) and stay in their order.
 *
 * @throws AppError `import.…` as files that cannot be read are refused, `table.log` for a web log, `table.too_wide`
 * @example
 * const { columns, rows, refused } = await readTable({ path: '/data/bank.csv', name: 'bank.csv' });
 */
export async function readTable(
  file: TableFile,
  work: Work = {},
  { mostRows = MOST_ROWS, seed = 1 }: { mostRows?: number; seed?: number } = {},
): Promise<RawTable> {
  const shape = await tableShape(file);
  const budget = Math.max(1, Math.min(mostRows, Math.floor(MOST_CELLS / shape.columns.length)));
  const sample = new Sample(budget, new Rng(seed));
  const refused = new RefusedRows();
  for await (const record of recordsIn(file, shape, work)) {
    if (record.fault === '') sample.add(record);
    else refused.add(record);
  }
  if (sample.seen === 0)
    throw new AppError(
      'import.no_rows',
      `${file.name} has columns (${shape.columns.join(', ')}) but no row that can be read`,
    );
  const kept = sample.inOrder();
  return {
    ...{ fileName: file.name, format: shape.format, bytes: shape.bytes, columns: shape.columns },
    cells: shape.columns.map((_, j) => copied(kept, j)),
    lines: kept.map(({ line }) => line),
    rows: sample.seen,
    refused: refused.told(),
  };
}

/** What the columns of a file are. */
export async function tableShape({ path, name }: TableFile): Promise<FileShape> {
  const shape = await shapeOf(path, name, isKnownName);
  if (shape.format.container === 'log')
    throw new AppError('table.log', `${name} is a web access log; a table with a column to tell is expected`);
  if (shape.columns.length > MOST_COLUMNS)
    throw new AppError(
      'table.too_wide',
      `${name} has ${shape.columns.length} columns; a table may have ${MOST_COLUMNS}`,
    );
  return shape;
}

/** Every record of a file, read or refused, a block at a time: memory does not follow the size of the file. */
export async function* recordsIn(
  { path }: TableFile,
  shape: FileShape,
  { signal, onProgress }: Work = {},
): AsyncGenerator<StagedRecord> {
  const onBytes = (done: number): void =>
    onProgress?.({ done, total: shape.bytes, unit: 'bytes', step: 'table.read' });
  // a log was refused: nothing is turned into a pseudonym here
  const options = { pseudonymise: pseudonymiser('table'), limits: { rows: 5_000, bytes: 2 ** 21 }, onBytes };
  for await (const block of blocksOf(path, shape, options)) {
    signal?.throwIfAborted();
    yield* recordsOf(block);
  }
}

/** As many rows as there is room for, each of the file as likely as any other. */
class Sample {
  seen = 0;
  readonly #most: number;
  readonly #rng: Rng;
  readonly #kept: StagedRecord[] = [];

  constructor(most: number, rng: Rng) {
    this.#most = most;
    this.#rng = rng;
  }

  add(record: StagedRecord): void {
    this.seen++;
    if (this.#kept.length < this.#most) {
      this.#kept.push(detached(record));
      return;
    }
    const place = this.#rng.integer(this.seen);
    if (place < this.#most) this.#kept[place] = detached(record);
  }

  inOrder(): StagedRecord[] {
    return this.#kept.sort((a, b) => a.line - b.line);
  }
}

/** The record without the block that it was cut from. */
function detached(record: StagedRecord): StagedRecord {
  const fields = record.fields.map(text =>
    text.length > LONGEST_COPIED ? Buffer.from(text).toString() : text,
  );
  return { ...record, fields };
}

/** A column of the rows; words that repeat are held once. */
function copied(rows: readonly StagedRecord[], column: number): string[] {
  const known = new Map<string, string>();
  return rows.map(({ fields }) => {
    const text = fields[column] ?? '';
    const same = known.get(text);
    if (same !== undefined) return same;
    if (known.size < 50_000) known.set(text, text);
    return text;
  });
}

class RefusedRows {
  #total = 0;
  readonly #counts = new Map<Refusal, number>();
  readonly #examples: RefusedRow[] = [];

  add({ line, fault, detail, raw }: StagedRecord): void {
    const reason = fault as Refusal; // readers write no other
    this.#total++;
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
    if (this.#examples.length < REFUSED_SHOWN)
      this.#examples.push({ line, reason, detail, raw: raw.slice(0, 500) });
  }

  told(): RawTable['refused'] {
    const reasons = [...this.#counts].map(([reason, count]) => ({ reason, count }));
    return {
      total: this.#total,
      reasons: reasons.sort((a, b) => b.count - a.count),
      examples: this.#examples,
    };
  }
}
