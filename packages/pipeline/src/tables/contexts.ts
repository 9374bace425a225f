import type { Cells, Context, ReadBy } from './encode.ts';
import { jointWord } from './encode.ts';
import { isMissing } from './values.ts';

/** Fewer rows than this tell nothing of single contexts. */
const FEWEST_ROWS = 5_000;
const FEWEST_CONTEXTS = 30;
/** Rows of one context in the mean, at least: each is to have a rate of its own. */
const ROWS_EACH = 20;
/** Share of a column's entropy that the anchor tells, from which on it belongs to the context. */
const TOLD = 0.5;
/** Columns that the name of a context says. */
const SAID = 4;

/**
 * Rows often come about together: on a day, in a shop, by a campaign that no column names, while several columns repeat the
 * same values within it. The column with the most values that repeat is the anchor; the columns of which it tells much
 * (mutual information over entropy, less what chance alone tells: Miller 1955) are of its context, as long as a context
 * keeps 20 rows. The target has no part in this.
 */
export function contextsOf(columns: readonly ReadBy[], cells: Cells): Context[] {
  const rows = cells.values().next().value?.length ?? 0;
  if (rows < FEWEST_ROWS) return [];
  const coded = columns
    .filter(({ kind }) => kind === 'number' || kind === 'category' || kind === 'yes_no')
    .map(column => codesOf(column, cells.get(column.name) ?? []))
    .filter(({ size }) => size > 1 && size * ROWS_EACH <= rows)
    .sort((a, b) => b.size - a.size);
  for (const anchor of coded) {
    if (anchor.size < FEWEST_CONTEXTS) break;
    const context = contextAround(anchor, coded);
    if (context.size >= 3)
      return [
        named(
          columns.filter(column => context.has(column)),
          cells,
          rows,
        ),
      ];
  }
  return [];
}

interface Coded {
  column: ReadBy;
  codes: Int32Array;
  size: number;
}

function codesOf(column: ReadBy, cells: readonly string[]): Coded {
  const seen = new Map<string, number>();
  const codes = Int32Array.from(cells, cell => {
    const word = isMissing(cell) ? '' : cell.trim();
    const code = seen.get(word) ?? seen.size;
    seen.set(word, code);
    return code;
  });
  return { column, codes, size: seen.size };
}

/** The anchor with the columns of which it tells most, the strongest first, as long as contexts keep enough rows. */
function contextAround(anchor: Coded, all: readonly Coded[]): Set<ReadBy> {
  const told = all
    .filter(other => other !== anchor)
    .map(other => ({ other, share: toldShare(anchor, other) }))
    .filter(({ share }) => share >= TOLD)
    .sort((a, b) => b.share - a.share);
  const context = new Set([anchor.column]);
  let joint = anchor;
  for (const { other } of told) {
    const next = together(joint, other);
    if (next.size * ROWS_EACH > next.codes.length) continue;
    context.add(other.column);
    joint = next;
  }
  return context;
}

function together(a: Coded, b: Coded): Coded {
  const seen = new Map<number, number>();
  const codes = a.codes.map((code, row) => {
    const pair = code * b.size + b.codes[row];
    const joint = seen.get(pair) ?? seen.size;
    seen.set(pair, joint);
    return joint;
  });
  return { column: a.column, codes, size: seen.size };
}

function toldShare(a: Coded, b: Coded): number {
  const rows = a.codes.length;
  const entropy = entropyOf(b);
  const information = entropyOf(a) + entropy - entropyOf(together(a, b));
  const byChance = ((a.size - 1) * (b.size - 1)) / (2 * rows);
  return entropy > 0 ? (information - byChance) / entropy : 0;
}

/** In nats. */
function entropyOf({ codes, size }: Coded): number {
  const counts = new Float64Array(size);
  for (const code of codes) counts[code]++;
  return counts.reduce(
    (sum, count) => (count > 0 ? sum - (count / codes.length) * Math.log(count / codes.length) : sum),
    0,
  );
}

function named(columns: readonly ReadBy[], cells: Cells, rows: number): Context {
  const counts = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const word = jointWord(columns, cells, row);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const words = [...counts].filter(([, count]) => count > 1).map(([word]) => word);
  const names = columns.map(({ name }) => name);
  const more = names.length > SAID ? ` + ${names.length - SAID} more` : '';
  return { name: names.slice(0, SAID).join(' + ') + more, columns: names, words };
}
