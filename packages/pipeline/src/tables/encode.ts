import type { ColumnKind, ReadColumn, Words } from '@bellwether/contracts';
import { tableOf, type Json, type Table } from '@bellwether/ml';
import { countsOf, numberIn, type Column } from './columns.ts';
import { dateOf, isMissing } from './values.ts';

/** How the cells of a column become numbers, as it was learned; plain, so that it is kept with the version. */
export interface ReadBy {
  name: string;
  kind: ColumnKind;
  decimalComma: boolean;
  dayFirst: boolean;
  sentinels: number[];
  yes: string | null;
  /** Of categories: those that are told apart, the most frequent first. */
  words: string[];
  /** Whether the words that are too rare to be told apart share one of their own. */
  pools: boolean;
  typical: string;
}

/** Columns whose values come about together (a day, a shop, a campaign), taken as one more column. */
export interface Context {
  name: string;
  columns: string[];
  /** Their joint values that were seen more than once. */
  words: string[];
}

/** How rows of text become a table of numbers. */
export interface Recipe {
  columns: ReadBy[];
  /** The column that dates are counted back from; itself it tells the month and the day of the week only. */
  time: ReadBy | null;
  contexts: Context[];
}

/** Cells by column, all of one length. */
export type Cells = ReadonlyMap<string, readonly string[]>;

const RARE = '(rare)';
/** Rows that a word needs to be told apart. */
const LEAST_ROWS = 5;
const MOST_WORDS = 2_000;

/** How a column is read, from all its rows; the target has no part in it. */
export function readBy(column: Column, cells: readonly string[]): ReadBy {
  const counts = column.kind === 'category' ? countsOf(cells) : new Map<string, number>();
  const order = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const least = order.length > 2 && cells.length >= 200 ? LEAST_ROWS : 1;
  const words = order.filter(([, count]) => count >= least).slice(0, MOST_WORDS);
  return {
    ...{ name: column.name, kind: column.kind, decimalComma: column.decimalComma },
    ...{ dayFirst: column.dayFirst, sentinels: column.sentinels, yes: column.yes ?? null },
    words: words.map(([word]) => word),
    pools: words.length < order.length,
    typical: typicalOf(column, cells),
  };
}

function typicalOf(column: Column, cells: readonly string[]): string {
  if (column.kind === 'number' || column.kind === 'date') {
    const known = cells
      .map(cell => ({ cell: cell.trim(), value: numberIn(column, cell) }))
      .filter(({ value }) => !Number.isNaN(value))
      .sort((a, b) => a.value - b.value);
    return known[known.length >> 1]?.cell ?? '';
  }
  return [...countsOf(cells)].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

/** Rows as the numbers that are learned from; words that the recipe does not know are missing, or rare where it pools. */
export function encodeRows(recipe: Recipe, cells: Cells): Table {
  const columns: Record<string, Float32Array | (string | null)[]> = {};
  const times = recipe.time && momentsOf(recipe.time, cells);
  for (const column of recipe.columns) {
    const own = cells.get(column.name);
    if (own !== undefined) Object.assign(columns, encoded(column, own, times));
  }
  if (recipe.time !== null && times !== null) Object.assign(columns, calendar(recipe.time.name, times));
  for (const context of recipe.contexts) columns[context.name] = contextOf(context, recipe, cells);
  return withDictionaries(tableOf(columns), recipe);
}

function encoded(
  column: ReadBy,
  cells: readonly string[],
  times: readonly number[] | null,
): Record<string, Float32Array | (string | null)[]> {
  const { name, kind } = column;
  if (kind === 'category') return { [name]: wordsOf(column, cells) };
  const numbers = Float32Array.from(cells, (cell, row) =>
    kind === 'date' && times !== null
      ? times[row] / DAY - numberIn(foundOf(column), cell)
      : numberIn(foundOf(column), cell),
  );
  if (kind !== 'date') return { [name]: numbers };
  const moments = cells.map(cell => (isMissing(cell) ? NaN : dateOf(cell, column.dayFirst)));
  return { [name]: numbers, ...calendar(name, moments) };
}

const DAY = 86_400_000;

function foundOf({ yes, ...column }: ReadBy): Omit<Column, 'overview'> {
  return { ...column, yes: yes ?? undefined };
}

/** Month 1 to 12 and day of the week, 1 for Monday. */
function calendar(name: string, moments: readonly number[]): Record<string, Float32Array> {
  const of = (part: (date: Date) => number): Float32Array =>
    Float32Array.from(moments, at => (Number.isNaN(at) ? NaN : part(new Date(at))));
  return {
    [`${name} · month`]: of(date => date.getUTCMonth() + 1),
    [`${name} · weekday`]: of(date => ((date.getUTCDay() + 6) % 7) + 1),
  };
}

/** When each row came about, in milliseconds. */
export function momentsOf(time: ReadBy, cells: Cells): number[] {
  const own = cells.get(time.name) ?? [];
  if (time.kind !== 'date') return own.map(cell => numberIn(foundOf(time), cell));
  return own.map(cell => (isMissing(cell) ? NaN : dateOf(cell, time.dayFirst)));
}

function wordsOf({ words, pools }: ReadBy, cells: readonly string[]): (string | null)[] {
  const known = new Set(words);
  return cells.map(cell => {
    const word = cell.trim();
    if (isMissing(word)) return null;
    return known.has(word) ? word : pools ? RARE : null;
  });
}

/** The joint value of a context's columns, as one word. */
export function jointWord(columns: readonly ReadBy[], cells: Cells, row: number): string {
  return columns
    .map(column => {
      const cell = (cells.get(column.name)?.[row] ?? '').trim();
      if (column.kind === 'category' || column.kind === 'yes_no') return cell.toLowerCase();
      return String(numberIn(foundOf(column), cell));
    })
    .join(' | ');
}

function contextOf(context: Context, { columns }: Recipe, cells: Cells): (string | null)[] {
  const own = columns.filter(({ name }) => context.columns.includes(name));
  const known = new Set(context.words);
  const rows = cells.values().next().value?.length ?? 0;
  return Array.from({ length: rows }, (_, row) => {
    const word = jointWord(own, cells, row);
    return known.has(word) ? word : null;
  });
}

/** The same dictionaries for every table that one recipe makes. */
function withDictionaries(table: Table, { columns, contexts }: Recipe): Table {
  const wanted = new Map<string, readonly string[]>([
    ...columns
      .filter(({ kind }) => kind === 'category')
      .map(({ name, words, pools }) => [name, pools ? [...words, RARE] : words] as const),
    ...contexts.map(({ name, words }) => [name, words] as const),
  ]);
  const codes = table.names.map((name, j) => {
    const to = wanted.get(name);
    const from = table.dictionaries?.[name];
    if (to === undefined || from === undefined) return table.columns[j];
    const codeOf = new Map(to.map((word, code) => [word, code]));
    return table.columns[j].map(code => codeOf.get(from[code] ?? '') ?? NaN);
  });
  return { ...table, columns: codes, dictionaries: Object.fromEntries(wanted) };
}

/** What a form asks for each column that is read. */
export function readColumns({ columns, time }: Recipe): ReadColumn[] {
  const all = time === null ? columns : [...columns, time];
  return all.map(({ name, kind, words, yes, typical }) => ({
    ...{ name, kind, typical },
    values: kind === 'yes_no' && yes !== null ? [yes] : words.slice(0, 200),
  }));
}

/** What is to be said of rows that are not as those learned from. */
export function notesOn(recipe: Recipe, cells: Cells): Words[] {
  const asked = recipe.time === null ? recipe.columns : [...recipe.columns, recipe.time];
  const absent = asked.filter(({ name }) => !cells.has(name)).map(({ name }) => name);
  const strange = recipe.columns.flatMap(column => strangeIn(column, cells.get(column.name) ?? []));
  if (absent.length === 0) return strange;
  const list = absent.map(name => `“${name}”`).join(', ');
  return [
    {
      en: `The columns ${list} are not there: they are taken as missing, which makes the answer less sure.`,
      'zh-CN': `缺少列 ${list}：按缺失处理，结果的把握会降低。`,
    },
    ...strange,
  ];
}

function strangeIn(column: ReadBy, cells: readonly string[]): Words[] {
  const odd = new Set(
    cells.filter(cell => !isMissing(cell) && isStrange(column, cell)).map(cell => cell.trim()),
  );
  if (odd.size === 0) return [];
  const some = [...odd]
    .slice(0, 3)
    .map(word => `“${word.slice(0, 40)}”`)
    .join(', ');
  const more = odd.size > 3 ? ` +${odd.size - 3}` : '';
  return column.kind === 'category'
    ? [
        {
          en: `“${column.name}” has values that were never seen (${some}${more}): they are taken as ${column.pools ? 'rare ones' : 'missing'}.`,
          'zh-CN': `“${column.name}”出现训练时未见过的取值（${some}${more}），按${column.pools ? '罕见值' : '缺失'}处理。`,
        },
      ]
    : [
        {
          en: `“${column.name}” has values that cannot be read (${some}${more}): they are taken as missing.`,
          'zh-CN': `“${column.name}”有无法识别的取值（${some}${more}），按缺失处理。`,
        },
      ];
}

function isStrange(column: ReadBy, cell: string): boolean {
  if (column.kind === 'category') return !column.words.includes(cell.trim());
  if (column.kind === 'yes_no') return false;
  const value = numberIn({ ...foundOf(column), sentinels: [] }, cell);
  return Number.isNaN(value);
}

/** A recipe as it is saved with a version. */
export const recipeJson = (recipe: Recipe): Json => recipe as unknown as Json; // plain values only, as its type says
export const recipeFrom = (value: Json | undefined): Recipe => value as unknown as Recipe; // as `recipeJson` wrote it
