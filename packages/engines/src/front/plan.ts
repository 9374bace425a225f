import type { Body } from './body.ts';
import { HttpException } from './exception.ts';
import type { FrontRequest } from './request.ts';
import { blanked, literal, readStatement } from './statement.ts';

/** How a request is run. */
export type Plan = InsertPlan | SelectPlan;

/** Writes rows. Its data, where it brings any, are in `file`, or in `data` and have to be put into one. */
export interface InsertPlan {
  kind: 'insert';
  sql: string;
  format: string;
  file?: string;
  data?: Buffer;
}

export interface SelectPlan {
  /** `flow`: its pieces, put one after another, are the result and leave as they come; `whole`: it is gathered first. */
  kind: 'flow' | 'whole';
  sql: string;
  format: string;
}

/** Formats without a head or a tail; ArrowStream has both and `joinArrow` takes care of them. */
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
  'ArrowStream',
]);
/** Settings that change a flowing format's head or tail. */
const RESHAPES = /^(output_format_json_array_of_rows|output_format_arrow_.*dictionary.*)$/;

/** Up to its rows: they follow, unless the insert selects them itself from elsewhere than `input()`. */
const HEAD_OF_INSERT =
  /^\s*INSERT\s(?:(?!\bSELECT\b)[\s\S]|\bSELECT\b(?=[\s\S]*\binput\s*\())*?\s(?:VALUES|FORMAT\s+\w+[ \t]*\r?\n?)/i;
const LONGEST_HEAD = 65_536;

/** @throws HttpException 62 for no statement or several */
export function planOf(request: FrontRequest, body: Body): Plan {
  if (body.file !== undefined) return insert(request.query, { file: body.file });
  if (request.query === '') {
    const head = headOfInsert(body.bytes);
    if (head !== undefined) return insert(head.toString('utf8'), { data: body.bytes.subarray(head.length) });
  }
  const { sql, verb, formats } = readStatement(textOf(request, body));
  const format = formats.at(-1) ?? request.format;
  if (verb === '') throw new HttpException(400, 62, 'Syntax error: the query is empty', 'SYNTAX_ERROR');
  if (verb === 'INSERT') return { kind: 'insert', sql, format };
  const flows =
    (verb === 'SELECT' || verb === 'WITH') &&
    [format, ...formats].every(name => FLOWING.has(name)) &&
    !request.wait &&
    !request.settings.some(([name]) => RESHAPES.test(name));
  return { kind: flows ? 'flow' : 'whole', sql, format };
}

/** Whether a request's body are the rows of its insert. */
export function bringsData(query: string): boolean {
  return HEAD_OF_INSERT.exec(blanked(query.trimEnd()))?.[0].length === query.trimEnd().length;
}

function insert(head: string, source: Pick<InsertPlan, 'file' | 'data'>): InsertPlan {
  return { kind: 'insert', sql: head.trimEnd(), format: 'Null', ...source };
}

/**
 * An insert, reading its rows from a file. They are never given behind the statement: chdb takes what follows a blank
 * line for the next statement.
 */
export function readingFrom(file: string, sql: string): string {
  const bare = blanked(sql);
  const tail = /\s(SETTINGS\s[\s\S]*)?(?:FORMAT\s+(\w+)|VALUES)$/i.exec(bare);
  if (tail === null) throw new Error(`not the head of an insert: ${sql}`);
  const [, , format = 'Values'] = tail;
  const input = /\binput\s*\(/i.exec(bare);
  if (input !== null) {
    const call = `file(${literal(file)}, ${literal(format)}, `;
    const rest = sql.slice(input.index + input[0].length).replace(/\sFORMAT\s+\w+$/i, '');
    return sql.slice(0, input.index) + call + rest;
  }
  const settings = sql.slice(tail.index, tail.index + 1 + (tail[1]?.length ?? 0)).trimEnd();
  return `${sql.slice(0, tail.index)} FROM INFILE ${literal(file)} COMPRESSION 'none'${settings} FORMAT ${format}`;
}

/** The bytes of `INSERT … FORMAT X` or `INSERT … VALUES` that rows follow in the same body. */
function headOfInsert(body: Buffer): Buffer | undefined {
  // the head of an insert is short; the rows may be long and need not be text: one character is one byte here
  const bare = blanked(body.subarray(0, LONGEST_HEAD).toString('latin1'));
  const length = HEAD_OF_INSERT.exec(bare)?.[0].length ?? 0;
  return length === 0 || length >= body.length ? undefined : body.subarray(0, length);
}

function textOf(request: FrontRequest, body: Body): string {
  const text = body.bytes.toString('utf8');
  return request.query === '' || body.bytes.length === 0 ? request.query + text : `${request.query}\n${text}`;
}
