import type { ColumnKind, ColumnOverview, Words } from '@bellwether/contracts';
import { conventionsOf, dateOf, daysOf, isMissing, numberOf, yesOf, type Conventions } from './values.ts';

/** A column with what was found of it: enough to read it again in another file. */
export interface Column extends Conventions {
  name: string;
  kind: ColumnKind;
  /** Numbers that stand for "none": 999 days since a call that never was. */
  sentinels: number[];
  /** Of yes/no columns. */
  yes: string | undefined;
  overview: ColumnOverview;
}

/** Share of a column's values that must be of a kind; the few others are told of. */
const MOST = 0.95;
/** Words more varied than this are names or texts, not categories. */
const MOST_CATEGORIES = 1_000;
const EXAMPLES = 5;
const RANGES = 10;
const LISTED = 8;

/**
 * What a column is, by its values and, where these leave it open, its name.
 *
 * @param chosen the kind that a person says it is
 */
export function columnOf(name: string, cells: readonly string[], chosen?: ColumnKind): Column {
  const counts = countsOf(cells);
  const values = [...counts.keys()];
  const present = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const conventions = conventionsOf(values);
  const kind = chosen ?? kindOf({ name, counts, present, rows: cells.length, conventions, cells });
  const sentinels = kind === 'number' ? sentinelsOf(counts, present, conventions.decimalComma) : [];
  const column = { name, kind, ...conventions, sentinels, yes: yesOf(values) };
  const overview = {
    ...{ name, kind, missing: 1 - present / Math.max(1, cells.length), distinct: values.length },
    examples: values.slice(0, EXAMPLES).map(value => value.slice(0, 80)),
    histogram: histogramOf(column, counts),
    notes: notesOf(column, counts, present),
  };
  return { ...column, overview };
}

/** How often each value that is there occurs, in the order in which they come. */
export function countsOf(cells: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const cell of cells) {
    const text = cell.trim();
    if (!isMissing(text)) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

interface Looked {
  name: string;
  counts: Map<string, number>;
  present: number;
  rows: number;
  conventions: Conventions;
  cells: readonly string[];
}

function kindOf(looked: Looked): ColumnKind {
  const { counts, present, rows } = looked;
  if (counts.size === 0 || (counts.size === 1 && present === rows)) return 'constant';
  if (counts.size === 1) return 'category';
  if (yesOf([...counts.keys()]) !== undefined) return 'yes_no';
  return kindOfNumbers(looked) ?? kindOfWords(looked);
}

/** Of columns whose values are dates or numbers all but a few. */
function kindOfNumbers({ name, counts, present, conventions, cells }: Looked): ColumnKind | undefined {
  const are = (read: (value: string) => number): boolean =>
    shareOf(counts, present, value => !Number.isNaN(read(value))) >= MOST;
  if (are(value => dateOf(value, conventions.dayFirst)) && !areCodes(counts)) return 'date';
  if (!are(value => numberOf(value, conventions.decimalComma))) return undefined;
  return isUnique(counts, present) && isIdOfNumbers(name, cells) ? 'id' : 'number';
}

function kindOfWords({ name, counts, present }: Looked): ColumnKind {
  const isSentence = shareOf(counts, present, value => /\s/.test(value)) > 0.5 || meanLength(counts) > 40;
  if (isUnique(counts, present)) return isSentence ? 'text' : 'id';
  const isVaried = counts.size > MOST_CATEGORIES || (counts.size > 50 && counts.size > 0.5 * present);
  if (!isVaried) return 'category';
  return isIdName(name) ? 'id' : 'text';
}

const isUnique = (counts: Map<string, number>, present: number): boolean =>
  present >= 20 && counts.size >= 0.98 * present;

function shareOf(counts: Map<string, number>, present: number, test: (value: string) => boolean): number {
  return [...counts].reduce((sum, [value, count]) => sum + (test(value) ? count : 0), 0) / present;
}

/** Eight figures that could be a day may as well be a number: they are dates when they are few hundred days. */
function areCodes(counts: Map<string, number>): boolean {
  const values = [...counts.keys()];
  return values.every(value => /^\d{8}$/.test(value)) && values.length > 5_000;
}

const ID_NAME =
  /(^|[_\s.-])(id|key|uuid|guid|no|nr|number|code|index|row)$|^(id|no|nr)([_\s.-]|$)|[a-z](Id|ID)$|编号|序号|号码|账号|^unnamed|^$|^column 1$/i;

export function isIdName(name: string): boolean {
  return ID_NAME.test(name.trim());
}

/** Whole numbers that never repeat number the rows when they are called so, or count up one by one. */
function isIdOfNumbers(name: string, cells: readonly string[]): boolean {
  const numbers = cells.filter(cell => !isMissing(cell)).map(Number);
  if (!numbers.every(Number.isInteger)) return false;
  const steps = numbers.filter((value, at) => at > 0 && value - numbers[at - 1] === 1).length;
  return isIdName(name) || steps > 0.9 * (numbers.length - 1);
}

function meanLength(counts: Map<string, number>): number {
  return [...counts.keys()].reduce((sum, value) => sum + value.length, 0) / counts.size;
}

const SENTINEL = /^-?9{2,}$|^-1$/;
/** Share of the values that a stand-in for "none" has at least. */
const LEAST_SENTINEL = 0.02;

/** Values such as 999 or -1 that are frequent, at an end and far from all others. */
function sentinelsOf(counts: Map<string, number>, present: number, decimalComma: boolean): number[] {
  const numbers = [...counts]
    .map(([value, count]) => ({ value: numberOf(value, decimalComma), count }))
    .filter(({ value }) => !Number.isNaN(value));
  return numbers
    .filter(({ value, count }) => SENTINEL.test(String(value)) && count >= LEAST_SENTINEL * present)
    .filter(({ value }) =>
      isApart(
        value,
        numbers.map(each => each.value),
      ),
    )
    .map(({ value }) => value);
}

/** Whether a value lies further from the others than these lie from each other; -1 is when all others are 0 or more. */
function isApart(value: number, all: readonly number[]): boolean {
  const others = all.filter(other => other !== value);
  if (others.length < 3) return false;
  const [low, high] = extent(others);
  if (value === -1) return low >= 0;
  return value > high ? value - high > high - low : value < low && low - value > high - low;
}

function extent(values: readonly number[]): [number, number] {
  return values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
}

type Found = Omit<Column, 'overview'>;

/** The number of a cell as it is learned from: NaN where there is none, or a stand-in for none. */
export function numberIn({ kind, decimalComma, dayFirst, sentinels, yes }: Found, cell: string): number {
  if (isMissing(cell)) return NaN;
  if (kind === 'yes_no') return Number(cell.trim().toLowerCase() === yes?.trim().toLowerCase());
  if (kind === 'date') return daysOf(dateOf(cell, dayFirst));
  const value = numberOf(cell, decimalComma);
  return sentinels.includes(value) ? NaN : value;
}

function histogramOf(column: Found, counts: Map<string, number>): ColumnOverview['histogram'] {
  if (column.kind === 'number' || column.kind === 'date') return rangesOf(column, counts);
  const order = [...counts].sort((a, b) => b[1] - a[1]);
  const rest = order.slice(LISTED).reduce((sum, [, count]) => sum + count, 0);
  const listed = order.slice(0, LISTED).map(([label, count]) => ({ label: label.slice(0, 40), count }));
  return rest > 0 ? [...listed, { label: '…', count: rest }] : listed;
}

function rangesOf(column: Found, counts: Map<string, number>): ColumnOverview['histogram'] {
  const numbers = [...counts]
    .map(([value, count]) => ({ value: numberIn(column, value), count }))
    .filter(({ value }) => !Number.isNaN(value));
  if (numbers.length === 0) return [];
  const [low, high] = extent(numbers.map(each => each.value));
  const width = (high - low) / RANGES || 1;
  const totals = new Array<number>(high > low ? RANGES : 1).fill(0);
  for (const { value, count } of numbers)
    totals[Math.min(totals.length - 1, Math.floor((value - low) / width))] += count;
  const write = (value: number): string =>
    column.kind === 'date'
      ? new Date(value * 86_400_000).toISOString().slice(0, 10)
      : String(Number(value.toPrecision(4)));
  return totals.map((count, at) => ({
    label: `${write(low + at * width)} – ${write(low + (at + 1) * width)}`,
    count,
  }));
}

function notesOf(column: Found, counts: Map<string, number>, present: number): Words[] {
  const notes: Words[] = [];
  for (const value of column.sentinels) {
    const share = percent((counts.get(String(value)) ?? 0) / present);
    notes.push({
      en: `${value} (${share} of the values) lies far from all others: it is read as “none”.`,
      'zh-CN': `${value}（占 ${share}）远离其他取值，视为“无”。`,
    });
  }
  if (column.kind === 'number' || column.kind === 'date') {
    const odd = [...counts].filter(([value]) => isUnreadable(column, value));
    const rows = odd.reduce((sum, [, count]) => sum + count, 0);
    if (rows > 0) {
      const some = odd
        .slice(0, 3)
        .map(([value]) => `“${value.slice(0, 30)}”`)
        .join(', ');
      notes.push({
        en: `${rows} values are no ${column.kind === 'date' ? 'date' : 'number'} (${some}): they are read as missing.`,
        'zh-CN': `${rows} 个值不是${column.kind === 'date' ? '日期' : '数字'}（${some}），按缺失处理。`,
      });
    }
  }
  return notes;
}

function isUnreadable(column: Found, value: string): boolean {
  if (column.kind === 'date') return Number.isNaN(dateOf(value, column.dayFirst));
  return Number.isNaN(numberOf(value, column.decimalComma));
}

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
