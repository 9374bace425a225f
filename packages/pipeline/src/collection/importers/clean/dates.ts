const MONTH = '(?i)(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)';

/** Year, month, day in figures, in this order, with Western or Chinese separators. */
const YEAR_FIRST = '^[0-9]{4}(?:[-/.]|年)[0-9]{1,2}';
/** Day and month, or month and day, before the year. */
const YEAR_LAST = '^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})(?:[, T]+(.*))?$';
/** 20101201, 20101201082600, seconds and milliseconds since 1970. */
const DIGITS = '^(?:[0-9]{8}|[0-9]{10}(?:[.][0-9]+)?|[0-9]{13}|[0-9]{14})$';

/** What shows that the first number of a year-last date is a day, and that it is a month. */
export const DAY_FIRST = '^(?:1[3-9]|2[0-9]|3[01])[-/.][0-9]{1,2}[-/.][0-9]{2}';
export const MONTH_FIRST = '^[0-9]{1,2}[-/.](?:1[3-9]|2[0-9]|3[01])[-/.][0-9]{2}';
/** 01.12.2010 and 01-12-2010 are written where days come first; 12/1/2010 more often where months do. */
export const DOTTED = '^[0-9]{1,2}[-.][0-9]{1,2}[-.][0-9]{2}';
export const SLASHED = '^[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}';

/**
 * SQL for the moment that a text says, `Nullable(DateTime64(3, 'UTC'))`; null where it says none or a day that does
 * not exist. A text without a zone is read in `{timezone:String}`.
 */
export function dateValue(said: string, dayFirst: boolean): string {
  return `multiIf(
    match(${said}, '${YEAR_FIRST}'), ${parsed(westernised(said))},
    match(${said}, '${YEAR_LAST}'), ${parsed(yearToFront(said, dayFirst))},
    match(${said}, '${DIGITS}') OR match(${said}, '${MONTH}'), ${parsed(said)},
    NULL)`;
}

/** 1/12/10 8:26 as 2010-12-1 8:26; two figures of a year up to 69 are of this century. */
function yearToFront(said: string, dayFirst: boolean): string {
  const [day, month] = dayFirst ? [1, 2] : [2, 1];
  const reordered = `replaceRegexpOne(${said}, '${YEAR_LAST}', '\\\\3-\\\\${month}-\\\\${day} \\\\4')`;
  const ofThisCentury = `replaceRegexpOne(${reordered}, '^([0-6][0-9])-', '20\\\\1-')`;
  return `replaceRegexpOne(${ofThisCentury}, '^([7-9][0-9])-', '19\\\\1-')`;
}

/** 2024年1月5日 14时30分 as 2024-1-5 14:30; 2010.12.01 and 2010/12/1 as they are read. */
function westernised(said: string): string {
  const figures = `replaceRegexpAll(replaceAll(replaceRegexpAll(${said}, '[年月]', '-'), '日', ' '), '[时時点分]', ':')`;
  const chinese = `replaceRegexpOne(${figures}, '(?:秒|:| )+$', '')`;
  const dotted = `replaceRegexpOne(${said}, '^([0-9]{4})[./]([0-9]{1,2})[./]([0-9]{1,2})', '\\\\1-\\\\2-\\\\3')`;
  return `if(position(${said}, '年') > 0, ${chinese}, ${dotted})`;
}

function parsed(text: string): string {
  return `toTimeZone(parseDateTime64BestEffortOrNull(${text}, 3, {timezone:String}), 'UTC')`;
}
