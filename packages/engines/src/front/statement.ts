import { HttpException } from './exception.ts';

export interface Statement {
  sql: string;
  verb: string;
  /** The format it names itself, or else the request's. */
  format: string;
  /** Whether the pieces of its result, put one after another, are the result. */
  flows: boolean;
}

/** Formats without a head or a tail: any number of their pieces one after another is a whole. */
const FLOWING = new Set([
  'JSONEachRow',
  'JSONLines',
  'NDJSON',
  'JSONStringsEachRow',
  'JSONCompactEachRow',
  'JSONCompactStringsEachRow',
  'TabSeparated',
  'TSV',
  'TabSeparatedRaw',
  'TSVRaw',
  'TSKV',
  'CSV',
  'RowBinary',
  'Native',
  'LineAsString',
  'RawBLOB',
]);

const SPECIAL = /['"`;]|--|#[ !]|\/\*|\$\w*\$/g;
const LEADING = /^(?:\s+|--[^\n]*(?:\n|$)|#[ !][^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()+/;

/** Reads off a statement what the front must know to run it; ClickHouse itself does the parsing. */
export function readStatement(text: string, defaultFormat: string): Statement {
  const { bare, end } = withoutQuotes(text);
  const named = [...bare.matchAll(/\bFORMAT\s+(\w+)/gi)].map(match => match[1] ?? '');
  const verb = /^\w+/.exec(bare.replace(LEADING, ''))?.[0].toUpperCase() ?? '';
  const format = named.at(-1) ?? defaultFormat;
  const flows = (verb === 'SELECT' || verb === 'WITH') && [format, ...named].every(name => FLOWING.has(name));
  return { sql: text.slice(0, end), verb, format, flows };
}

/**
 * The statement with what stands in quotes and comments blanked out, and where it ends.
 *
 * @throws HttpException 62 when a second statement follows: one request is one statement, as on ClickHouse's own server
 */
function withoutQuotes(text: string): { bare: string; end: number } {
  let bare = '';
  let at = 0;
  for (;;) {
    SPECIAL.lastIndex = at;
    const found = SPECIAL.exec(text);
    if (found === null) return { bare: bare + text.slice(at), end: text.length };
    bare += text.slice(at, found.index);
    if (found[0] === ';') {
      refuseSecond(text.slice(found.index + 1));
      return { bare, end: found.index };
    }
    bare += ' ';
    at = endOf(text, found[0], found.index + found[0].length);
  }
}

/** Where the quoted text or comment that `opener` began ends. */
function endOf(text: string, opener: string, from: number): number {
  if (opener === '/*') return after(text, '*/', from);
  if (opener === '--' || opener.startsWith('#')) return after(text, '\n', from);
  if (opener.startsWith('$')) return after(text, opener, from);
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === opener) return at + 1;
  }
  return text.length;
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at + mark.length;
}

function refuseSecond(rest: string): void {
  if (rest.replaceAll(';', ' ').replace(LEADING, '').trim() === '') return;
  throw new HttpException(400, 62, 'Syntax error (Multi-statements are not allowed)', 'SYNTAX_ERROR');
}

/**
 * An `INSERT … FORMAT X` with its data in the same text, cut in two; nothing when the data is elsewhere.
 *
 * @example
 * splitInsert(Buffer.from('INSERT INTO t FORMAT CSV\n1,2')) // { head: 'INSERT INTO t FORMAT CSV', data: <1,2> }
 */
export function splitInsert(body: Buffer): { head: string; data: Buffer } | undefined {
  // the head of an insert is short; the data may be large and need not be UTF-8
  const start = body.subarray(0, 65_536).toString('latin1');
  const match = /^\s*INSERT\s[^']*?\bFORMAT\s+(?!VALUES\b)\w+[ \t]*\r?\n?/i.exec(start);
  if (match === null || match[0].length >= body.length) return undefined;
  const size = match[0].length;
  return { head: body.subarray(0, size).toString('utf8').trimEnd(), data: body.subarray(size) };
}

/** A value as a string literal of ClickHouse's. */
export function literal(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`;
}

/** A name as a quoted identifier. */
export function quoted(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}
