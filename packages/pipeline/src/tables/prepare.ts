import { AppError, type Leak, type LeftOut, type TableChoices, type Words } from '@bellwether/contracts';
import { encoded, rowsAt, valuesAt, type Table } from '@bellwether/ml';
import { columnOf, countsOf, isIdName, numberIn, type Column } from './columns.ts';
import { contextsOf } from './contexts.ts';
import { encodeRows, momentsOf, readBy, type Cells, type Recipe } from './encode.ts';
import { leaksOf, type Suspect } from './leaks.ts';
import type { RawTable } from './read.ts';
import { dateOf, isMissing, yesOf } from './values.ts';

/** Rows of each answer, below which nothing is learned. */
const LEAST_OF_EACH = 20;
const LEAST_ROWS = 100;
/** Values that a target may have: one of them is yes, all others are no. */
const MOST_ANSWERS = 50;

/** A table as a person's choices make of it. */
export interface Prepared {
  columns: Column[];
  /** With what was found where the person did not say. */
  choices: TableChoices;
  targetValues: { value: string; count: number }[];
  leaks: Leak[];
  leftOut: LeftOut[];
  /** What keeps it from being learned from. */
  faults: Words[];
}

/** The rows to learn from: those whose answer is known. */
export interface LearningRows {
  recipe: Recipe;
  table: Table;
  target: Float32Array;
  /** When each row came about, where a column says so. */
  times: Float64Array | undefined;
  /** Whose row it is, where some have several. */
  groups: Int32Array | undefined;
  /** Rows without an answer. */
  unanswered: number;
}

/**
 * Applies choices to a table that was read: kinds, the answer that means yes, leaks, what is left out and why.
 *
 * @throws AppError `table.column_missing` when a choice names a column that is not there
 */
export function prepareTable(raw: RawTable, asked: TableChoices): Prepared {
  checkNames(raw, asked);
  const columns = raw.columns.map((name, j) => columnOf(name, raw.cells[j], asked.kinds[name]));
  const choices = withFound(raw, columns, asked);
  const targetValues = targetValuesOf(raw, choices.target);
  const faults = faultsOf(columns, choices, targetValues);
  const leaks = faults.length > 0 ? [] : leaksIn(raw, columns, choices);
  const leftOut = choices.target === undefined ? [] : leftOutOf(columns, choices, leaks);
  const isEmpty = faults.length === 0 && leftOut.length + 1 >= columns.length;
  return { columns, choices, targetValues, leaks, leftOut, faults: isEmpty ? [NOTHING_LEFT] : faults };
}

const NOTHING_LEFT: Words = {
  en: 'No column is left to learn from: correct a kind, or put a column back.',
  'zh-CN': '没有可用于学习的列：请更正列类型，或恢复某一列。',
};

function checkNames({ columns, fileName }: RawTable, asked: TableChoices): void {
  const named = [
    asked.target,
    asked.id,
    asked.time,
    ...asked.leave_out,
    ...asked.keep,
    ...Object.keys(asked.kinds),
  ];
  const stray = named.find(name => name !== undefined && !columns.includes(name));
  if (stray !== undefined)
    throw new AppError(
      'table.column_missing',
      `${fileName} has no column "${stray}"; it has ${columns.map(name => `"${name}"`).join(', ')}`,
    );
}

/** The answer that means yes, and whose row it is, where these are plain. */
function withFound(raw: RawTable, columns: readonly Column[], asked: TableChoices): TableChoices {
  const { target } = asked;
  const values = targetValuesOf(raw, target).map(({ value }) => value);
  const yes = asked.yes ?? yesOf(values);
  const numbered = columns.find(({ kind, name }) => kind === 'id' && isIdName(name) && name !== target);
  const id = asked.id ?? numbered?.name;
  return { ...asked, ...(yes !== undefined && { yes }), ...(id !== undefined && { id }) };
}

function targetValuesOf(raw: RawTable, target: string | undefined): { value: string; count: number }[] {
  if (target === undefined) return [];
  const counts = [...countsOf(cellsOf(raw, target))].sort((a, b) => b[1] - a[1]);
  return counts.slice(0, MOST_ANSWERS + 1).map(([value, count]) => ({ value, count }));
}

function cellsOf(raw: RawTable, name: string): string[] {
  return raw.cells[raw.columns.indexOf(name)] ?? [];
}

function faultsOf(
  columns: readonly Column[],
  { target, yes, time }: TableChoices,
  values: readonly { value: string; count: number }[],
): Words[] {
  if (target === undefined) return [fault('Choose the column that is to be told.', '请选择要预测的目标列。')];
  const list = values
    .slice(0, 5)
    .map(({ value }) => `“${value}”`)
    .join(', ');
  if (values.length > MOST_ANSWERS)
    return [
      fault(
        `“${target}” has more than ${MOST_ANSWERS} different values; a column of yes and no is needed.`,
        `“${target}”有超过 ${MOST_ANSWERS} 种取值；需要一个“是/否”列。`,
      ),
    ];
  if (values.length < 2)
    return [
      fault(
        `“${target}” has only the value ${list || '–'}; there is nothing to tell apart.`,
        `“${target}”只有一种取值 ${list || '–'}，无可区分。`,
      ),
    ];
  if (yes === undefined)
    return [
      fault(
        `Say which value of “${target}” means yes: ${list}.`,
        `请指明“${target}”的哪个取值表示“是”：${list}。`,
      ),
    ];
  const faults = countFaults(target, yes, values);
  const timeKind = columns.find(({ name }) => name === time)?.kind;
  if (timeKind !== undefined && timeKind !== 'date' && timeKind !== 'number')
    faults.push(
      fault(
        `“${time}” holds no dates; the time of a row must be a date or a number.`,
        `“${time}”不是日期；时间列必须是日期或数字。`,
      ),
    );
  return faults;
}

function countFaults(
  target: string,
  yes: string,
  values: readonly { value: string; count: number }[],
): Words[] {
  const rows = values.reduce((sum, { count }) => sum + count, 0);
  const positives = values.find(({ value }) => value === yes)?.count;
  if (positives === undefined)
    return [fault(`“${target}” never has the value “${yes}”.`, `“${target}”中没有取值“${yes}”。`)];
  const least = Math.min(positives, rows - positives);
  if (rows >= LEAST_ROWS && least >= LEAST_OF_EACH) return [];
  return [
    fault(
      `There are ${rows} rows with an answer, ${positives} of them yes; ${LEAST_ROWS} rows with at least ${LEAST_OF_EACH} of each answer are needed.`,
      `有答案的行共 ${rows} 行，其中 ${positives} 行为“是”；至少需要 ${LEAST_ROWS} 行，且两种答案各不少于 ${LEAST_OF_EACH} 行。`,
    ),
  ];
}

const fault = (en: string, zh: string): Words => ({ en, 'zh-CN': zh });

const isLearned = ({ kind }: Column): boolean =>
  kind === 'number' || kind === 'category' || kind === 'yes_no' || kind === 'date';

function leaksIn(raw: RawTable, columns: readonly Column[], choices: TableChoices): Leak[] {
  const rows = answeredRows(raw, choices);
  const target = targetOf(raw, choices, rows);
  const times = choices.time === undefined ? undefined : cellsOf(raw, choices.time);
  const suspects = columns
    .filter(({ name, kind }) => name !== choices.target && name !== choices.time && kind !== 'constant')
    .filter(column => isLearned(column) || column.kind === 'id')
    .map(column =>
      suspectOf(
        column,
        rows.map(row => cellsOf(raw, column.name)[row]),
        rows.map(row => times?.[row] ?? ''),
      ),
    );
  return leaksOf(
    suspects.filter(one => one !== undefined),
    target,
  );
}

function suspectOf(column: Column, cells: readonly string[], times: readonly string[]): Suspect | undefined {
  const { name, kind } = column;
  if (kind === 'category') {
    const { dictionary, codes } = encoded(cells.map(cell => (isMissing(cell) ? null : cell.trim())));
    return { name, kind, values: codes, words: dictionary };
  }
  const values = Float32Array.from(cells, cell => numberIn(column, cell));
  if (kind === 'id' && values.some(Number.isNaN)) return undefined;
  return { name, kind, values, ...(kind === 'date' && { later: laterShare(column, cells, times) }) };
}

/** Share of the dates that are later than their row's own. */
function laterShare(column: Column, cells: readonly string[], times: readonly string[]): number {
  let [known, later] = [0, 0];
  cells.forEach((cell, row) => {
    const [own, at] = [dateOf(cell, column.dayFirst), dateOf(times[row], column.dayFirst)];
    if (Number.isNaN(own) || Number.isNaN(at)) return;
    known++;
    if (own > at) later++;
  });
  return known < 20 ? 0 : later / known;
}

function leftOutOf(columns: readonly Column[], choices: TableChoices, leaks: readonly Leak[]): LeftOut[] {
  return columns
    .filter(({ name }) => name !== choices.target)
    .flatMap(column => {
      const why = whyLeftOut(column, choices, leaks);
      return why === undefined ? [] : [{ column: column.name, why }];
    });
}

function whyLeftOut(column: Column, choices: TableChoices, leaks: readonly Leak[]): Words | undefined {
  const { name, kind } = column;
  if (choices.leave_out.includes(name)) return fault('Left out by hand.', '手动剔除。');
  if (name === choices.id || kind === 'id')
    return fault('It tells rows apart, not what they are like.', '仅用于区分各行，不描述其特征。');
  if (name === choices.time)
    return fault(
      'It orders the rows in time; of it only the month and the day of the week are learned from.',
      '用于按时间排序；仅学习其月份与星期。',
    );
  if (kind === 'constant') return fault('It is the same in every row.', '每一行都相同。');
  if (kind === 'text') return fault('Free text is not learned from here.', '此处不学习自由文本。');
  const leak = leaks.find(one => one.column === name && one.verdict === 'leak');
  return leak !== undefined && !choices.keep.includes(name) ? leak.evidence : undefined;
}

/** Rows whose answer is there. */
function answeredRows(raw: RawTable, { target }: TableChoices): number[] {
  const cells = cellsOf(raw, target ?? '');
  return cells.flatMap((cell, row) => (isMissing(cell) ? [] : [row]));
}

function targetOf(raw: RawTable, { target, yes }: TableChoices, rows: readonly number[]): Float32Array {
  const cells = cellsOf(raw, target ?? '');
  return Float32Array.from(rows, row => Number(cells[row].trim() === yes));
}

/**
 * The rows of a prepared table as numbers.
 *
 * @throws AppError `table.not_ready` with the sentence of the first fault
 */
export function learningRows(raw: RawTable, { columns, choices, leftOut, faults }: Prepared): LearningRows {
  if (faults[0] !== undefined) throw new AppError('table.not_ready', `${raw.fileName}: ${faults[0].en}`);
  const rows = answeredRows(raw, choices);
  const cells: Cells = new Map(raw.columns.map((name, j) => [name, rows.map(row => raw.cells[j][row])]));
  const out = new Set([choices.target, ...leftOut.map(({ column }) => column)]);
  const read = columns
    .filter(({ name }) => !out.has(name))
    .map(column => readBy(column, cells.get(column.name) ?? []));
  const time = columns.find(({ name }) => name === choices.time);
  const recipe: Recipe = {
    columns: read,
    time: time === undefined || time.kind !== 'date' ? null : readBy(time, cells.get(time.name) ?? []),
    contexts: contextsOf(read, cells),
  };
  const target = targetOf(raw, choices, rows);
  const whole = {
    ...{ recipe, table: encodeRows(recipe, cells), target },
    times: time === undefined ? undefined : timesOf(time, cells),
    groups: groupsOf(choices.id === undefined ? undefined : cells.get(choices.id)),
    unanswered: raw.lines.length - rows.length,
  };
  return whole.times === undefined ? whole : withTimes(whole, whole.times);
}

function timesOf(time: Column, cells: Cells): Float64Array {
  return Float64Array.from(momentsOf(readBy(time, cells.get(time.name) ?? []), cells));
}

/** Rows without a time cannot be put before or after others. */
function withTimes(rows: LearningRows, times: Float64Array): LearningRows {
  const kept = Uint32Array.from([...times.keys()].filter(row => !Number.isNaN(times[row])));
  if (kept.length === times.length) return rows;
  return {
    ...rows,
    table: rowsAt(rows.table, kept),
    target: valuesAt(rows.target, kept),
    times: Float64Array.from(kept, row => times[row]),
    groups: rows.groups && Int32Array.from(kept, row => rows.groups?.[row] ?? 0),
    unanswered: rows.unanswered + times.length - kept.length,
  };
}

/** One number for each whose rows they are; nothing where each has but one. */
function groupsOf(cells: readonly string[] | undefined): Int32Array | undefined {
  if (cells === undefined) return undefined;
  const known = new Map<string, number>();
  const groups = Int32Array.from(cells, (cell, row) => {
    const whose = isMissing(cell) ? `row ${row}` : cell.trim();
    const group = known.get(whose) ?? known.size;
    known.set(whose, group);
    return group;
  });
  return known.size === cells.length ? undefined : groups;
}
