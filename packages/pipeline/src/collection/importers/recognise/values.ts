/** What a column's values look like, from a sample. Shares are of the values that are not empty. */
export interface ColumnProfile {
  name: string;
  /** Non-empty values, trimmed, in their order. */
  values: string[];
  numbers: number;
  wholes: number;
  dates: number;
  emails: number;
  /** Words without spaces, up to 40 characters: codes, ids. */
  codes: number;
  /** Distinct values for each value: 1 when none repeats. */
  distinct: number;
}

const NUMBER = /^[^\d\s]{0,3}\s?[-+(]?\d[\d.,' ]*\)?\s?[^\d\s]{0,3}$/;
const WHOLE = /^-?\d{1,9}(?:\.0)?$/;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const CODE = /^\S{1,40}$/;
const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*';

/** The ways in which exports write a moment. The first four are told apart again, in SQL, by `dates.ts`. */
const DATES: readonly RegExp[] = [
  /^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:\D.*)?$/,
  /^\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})(?:\D.*)?$/,
  /^\d{4}年\d{1,2}月\d{1,2}日/,
  /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:\d{6})?$/,
  /^1\d{9}(?:\.\d+)?$|^1\d{12}$/,
  new RegExp(`^(?:\\w{3,9},? )?(?:\\d{1,2}[ -/]${MONTH}|${MONTH} \\d{1,2},?)[ -/:]\\d{2,4}`, 'i'),
];

export function isDate(text: string): boolean {
  return DATES.some(date => date.test(text));
}

export function profileColumn(name: string, cells: readonly string[]): ColumnProfile {
  const values = cells.map(cell => cell.trim()).filter(cell => cell !== '');
  const share = (test: (value: string) => boolean): number =>
    values.length === 0 ? 0 : values.filter(test).length / values.length;
  return {
    name,
    values,
    numbers: share(value => NUMBER.test(value)),
    wholes: share(value => WHOLE.test(value)),
    dates: share(isDate),
    emails: share(value => EMAIL.test(value)),
    codes: share(value => CODE.test(value)),
    distinct: values.length === 0 ? 0 : new Set(values).size / values.length,
  };
}
