/** Words that exports write where there is nothing. */
const NOTHING = ['\\\\N', 'NULL', 'null', 'None', 'NaN', 'nan', 'N/A', 'n/a', '#N/A', 'undefined'];

/** The same where a number, date or truth value is expected. */
const NO_VALUE = [...NOTHING, 'NA', '-', '--', '—'];

/** SQL for what a cell says: without spaces around it, empty where the export writes a word for nothing. */
export function saidText(cell: string): string {
  return said(cell, NOTHING);
}

export function saidValue(cell: string): string {
  return said(cell, NO_VALUE);
}

function said(cell: string, words: readonly string[]): string {
  const trimmed = `trim(BOTH ' \\t\\r\\n' FROM ${cell})`;
  return `if(${trimmed} IN (${words.map(word => `'${word}'`).join(', ')}), '', ${trimmed})`;
}

/** An id that a spreadsheet or data frame turned into a decimal number: 17850.0. */
export const FLOAT_ID = '^[0-9]+[.]0$';

export function idText(said: string, areFloats: boolean): string {
  return areFloats ? `replaceRegexpOne(${said}, '[.]0$', '')` : said;
}

const YES = ['1', 'true', 'yes', 'y', 't', 'on', 'subscribed', 'opted in', 'granted', '是', '同意'];
const NO = ['0', 'false', 'no', 'n', 'f', 'off', 'unsubscribed', 'opted out', 'denied', '否', '不同意'];

/** SQL for a truth value, null where the text is none. */
export function boolValue(said: string): string {
  const among = (words: readonly string[]): string =>
    `lowerUTF8(${said}) IN (${words.map(word => `'${word}'`).join(', ')})`;
  return `multiIf(${among(YES)}, toNullable(toUInt8(1)), ${among(NO)}, toNullable(toUInt8(0)), NULL)`;
}
