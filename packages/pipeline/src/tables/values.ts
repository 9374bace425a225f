import { DAY, type Milliseconds } from '@bellwether/contracts';

/** How exports write that there is no value. "unknown" is not among them: who did not tell is often worth knowing. */
const MISSING = new Set([
  '',
  'na',
  'n/a',
  '#n/a',
  '<na>',
  'null',
  '(null)',
  'nan',
  'nil',
  '\\n',
  '?',
  '-',
  '--',
  '—',
  '.',
  '缺失',
  '空',
]);

/** Whether a cell holds no value. */
export function isMissing(text: string): boolean {
  return MISSING.has(text.trim().toLowerCase());
}

/** How a column writes what can be written in more than one way. */
export interface Conventions {
  decimalComma: boolean;
  dayFirst: boolean;
}

const AFFIX = '[^\\d\\s.,()+-]{0,3}';
const NUMBER = new RegExp(
  `^(\\()?\\s*([-+])?\\s*${AFFIX}\\s?([-+])?((?:\\d[\\d.,'\\u00a0 ]*|[.,]\\d+)(?:e[-+]?\\d+)?)\\s?${AFFIX}\\s*(-)?\\)?$`,
  'i',
);
const PLAIN = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

/**
 * The number that a text says (`1,234.50`, `£2.55`, `1.234,50 €`, `(12.00)`, `45 %`), NaN where it says none.
 *
 * @example numberOf('1.234,50 €', true) // 1234.5
 */
export function numberOf(said: string, decimalComma: boolean): number {
  const text = said.trim();
  if (!decimalComma && PLAIN.test(text)) return Number(text);
  const match = NUMBER.exec(text);
  if (match === null) return NaN;
  const [, bracket, before, inner, digits, after] = match;
  const grouped = digits.replace(/['\u00a0 ]/g, '');
  const plain = decimalComma ? grouped.replaceAll('.', '').replace(',', '.') : grouped.replaceAll(',', '');
  const value = PLAIN.test(plain) ? Number(plain) : NaN;
  const signs = [before, inner, after].filter(sign => sign !== undefined);
  if (signs.length > 1) return NaN;
  const isNegative = signs[0] === '-' || bracket !== undefined;
  return isNegative ? -value : value;
}

const COMMA_DECIMALS = /^[^,]*,\d{1,2}\D*$/;
const POINT_DECIMALS = /^[^.]*\.\d+\D*$/;
const YEAR_FIRST = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T,]+(.*))?$/;
const YEAR_LAST = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[ T,]+(.*))?$/;
const COMPACT = /^(19|20)(\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])$/;
const CLOCK = /^(\d{1,2})[:时](\d{2})(?:[:分](\d{2})(?:\.\d+)?)?\s*(am|pm)?/i;
const WORDED = /^[A-Za-z]{3,9}\.? \d{1,2},? \d{4}|^\d{1,2}[ -][A-Za-z]{3,9}\.?[ -]\d{4}/;

/**
 * The moment that a text says, NaN where it says none or a day that does not exist. A text without a zone is taken as UTC:
 * a table is compared with itself alone.
 */
export function dateOf(said: string, dayFirst: boolean): Milliseconds {
  const text = said.trim();
  const first = YEAR_FIRST.exec(text);
  if (first) return momentOf(Number(first[1]), Number(first[2]), Number(first[3]), first[4]);
  const last = YEAR_LAST.exec(text);
  if (last) {
    const [a, b] = [Number(last[1]), Number(last[2])];
    const [day, month] = dayFirst ? [a, b] : [b, a];
    return momentOf(fullYear(last[3]), month, day, last[4]);
  }
  const compact = COMPACT.exec(text);
  if (compact)
    return momentOf(Number(compact[1] + compact[2]), Number(compact[3]), Number(compact[4]), undefined);
  return WORDED.test(text) ? Date.parse(`${text} UTC`) : NaN;
}

function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 4) return year;
  return year < 70 ? 2000 + year : 1900 + year;
}

function momentOf(year: number, month: number, day: number, rest: string | undefined): Milliseconds {
  const at = Date.UTC(year, month - 1, day);
  const date = new Date(at);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return NaN;
  const clock = rest === undefined ? null : CLOCK.exec(rest.trim());
  if (clock === null) return at;
  const [, hour, minute, second = '0', half = ''] = clock;
  const shift = half.toLowerCase() === 'pm' && Number(hour) < 12 ? 12 : 0;
  return at + ((Number(hour) + shift) * 3600 + Number(minute) * 60 + Number(second)) * 1000;
}

/** What the values of a column show of its ways of writing. */
export function conventionsOf(values: readonly string[]): Conventions {
  const count = (test: (text: string) => boolean): number => values.filter(test).length;
  const comma = count(text => COMMA_DECIMALS.test(text));
  const point = count(text => POINT_DECIMALS.test(text));
  const parts = values.map(text => YEAR_LAST.exec(text.trim())).filter(match => match !== null);
  const above = (place: number): number => parts.filter(match => Number(match[place]) > 12).length;
  const dotted = parts.filter(([text]) => !text.includes('/')).length;
  const order = above(1) - above(2) || 2 * dotted - parts.length;
  return { decimalComma: comma > point, dayFirst: order > 0 };
}

/** Days since 1970-01-01, which a 32-bit float holds to some minutes. */
export const daysOf = (moment: Milliseconds): number => moment / DAY;

/** Words that stand for yes and no, in pairs. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['yes', 'no'],
  ['y', 'n'],
  ['true', 'false'],
  ['t', 'f'],
  ['1', '0'],
  ['1.0', '0.0'],
  ['是', '否'],
  ['有', '无'],
  ['已购', '未购'],
  ['购买', '未购买'],
  ['oui', 'non'],
  ['ja', 'nein'],
  ['sí', 'no'],
];

/** Which of two values means yes, where it is plain: `yes` of `yes` and `no`. */
export function yesOf(values: readonly string[]): string | undefined {
  if (values.length !== 2) return undefined;
  const plain = values.map(value => value.trim().toLowerCase());
  for (const [yes, no] of PAIRS) {
    const at = plain.indexOf(yes);
    if (at >= 0 && plain[1 - at] === no) return values[at];
  }
  return undefined;
}
