import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { createGzip, gzip } from 'node:zlib';
import { randomBytes } from 'node:crypto';
import type { Body } from './body.ts';
import type { Session } from './clickhouse.ts';
import { exceptionOf, HttpException } from './exception.ts';
import type { FrontRequest } from './request.ts';
import { literal, readStatement, splitInsert, type Statement } from './statement.ts';

/** What ClickHouse's `X-ClickHouse-Summary` tells, as far as the engine reports it. */
interface Counts {
  readRows: number;
  readBytes: number;
  writtenRows: number;
  writtenBytes: number;
  resultRows: number;
  resultBytes: number;
}

const NOTHING: Counts = {
  readRows: 0,
  readBytes: 0,
  writtenRows: 0,
  writtenBytes: 0,
  resultRows: 0,
  resultBytes: 0,
};
/** Bytes of a result gathered before its first byte leaves, so that most failures still have a status of their own. */
const GATHERED = 1 << 20;
const WORTH_PACKING = 1_024;
const CONTENT_TYPES: readonly (readonly [RegExp, string])[] = [
  [/^JSON.*EachRow|^JSONLines|^NDJSON/, 'application/x-ndjson; charset=UTF-8'],
  [/^JSON/, 'application/json; charset=UTF-8'],
  [/^CSV/, 'text/csv; charset=UTF-8; header=absent'],
  [/^(TabSeparated|TSV)/, 'text/tab-separated-values; charset=UTF-8'],
  [/^(Arrow|Parquet|ORC|Avro|Native|RowBinary|RawBLOB)/, 'application/octet-stream'],
];

const packed = promisify(gzip);

/** Runs one request's statement and writes its answer. */
export async function answer(
  request: FrontRequest,
  body: Body,
  session: Session,
  response: ServerResponse,
): Promise<void> {
  const started = process.hrtime.bigint();
  const insert = insertOf(request, body);
  if (insert !== undefined) {
    const counts = await runInsert(session, insert);
    return whole(response, request, request.format, Buffer.alloc(0), summary(counts, started));
  }
  const statement = readStatement(textOf(request, body), request.format);
  if (statement.verb === '')
    throw new HttpException(400, 62, 'Syntax error: the query is empty', 'SYNTAX_ERROR');
  if (statement.flows && !request.wait && !wrapsRows(request))
    return flow(session, statement, request, response, started);
  const result = await session.query(statement.sql, statement.format);
  const counts = {
    ...NOTHING,
    readRows: result.rowsRead,
    readBytes: result.bytesRead,
    resultBytes: result.bytes.length,
    // `INSERT … SELECT` writes what it read
    ...(statement.verb === 'INSERT' ? { writtenRows: result.rowsRead, writtenBytes: result.bytesRead } : {}),
  };
  await whole(response, request, statement.format, result.bytes, summary(counts, started));
}

interface Insert {
  head: string;
  data: Buffer;
  file: string | undefined;
}

/** An insert whose data are bytes of the body: beside the statement in the URL, or behind it in the body. */
function insertOf(request: FrontRequest, body: Body): Insert | undefined {
  if (request.query === '') {
    const split = splitInsert(body.bytes);
    return split && { ...split, file: undefined };
  }
  if (body.size === 0 || !/^\s*INSERT\s/i.test(request.query)) return undefined;
  const head = request.query.trimEnd();
  const formatted = /\bFORMAT\s+\w+$/i.test(head) || /\bVALUES$/i.test(head);
  if (formatted && body.file === undefined) return { head, data: body.bytes, file: undefined };
  if (formatted && !/\bVALUES$/i.test(head)) return { head, data: body.bytes, file: body.file };
  if (body.file === undefined) return undefined;
  throw new HttpException(
    400,
    62,
    'a large body needs "INSERT INTO … FORMAT …" as the "query" of the URL',
    'SYNTAX_ERROR',
  );
}

async function runInsert(session: Session, insert: Insert): Promise<Counts> {
  if (insert.file === undefined) {
    const written = await session.insert(insert.head, insert.data);
    return { ...NOTHING, writtenRows: written.rowsWritten, writtenBytes: written.bytesWritten };
  }
  const at = /\s(SETTINGS\s[\s\S]*)?FORMAT\s+\w+$/i.exec(insert.head)?.index ?? insert.head.length;
  const from = ` FROM INFILE ${literal(insert.file)} COMPRESSION 'none'`;
  const read = await session.query(insert.head.slice(0, at) + from + insert.head.slice(at), 'Null');
  return { ...NOTHING, writtenRows: read.rowsRead, writtenBytes: read.bytesRead };
}

function textOf(request: FrontRequest, body: Body): string {
  const text = body.bytes.toString('utf8');
  return request.query === '' || body.size === 0 ? request.query + text : `${request.query}\n${text}`;
}

/** Settings that give a flowing format a head and a tail. */
function wrapsRows(request: FrontRequest): boolean {
  return request.settings.some(
    ([name, value]) => name === 'output_format_json_array_of_rows' && value !== '0',
  );
}

async function flow(
  session: Session,
  statement: Statement,
  request: FrontRequest,
  response: ServerResponse,
  started: bigint,
): Promise<void> {
  const gathered: Buffer[] = [];
  let counts = NOTHING;
  let out: NodeJS.WritableStream | undefined;
  const tag = randomBytes(8).toString('hex');
  try {
    for await (const piece of session.pieces(statement.sql, statement.format)) {
      counts = {
        ...counts,
        resultRows: counts.resultRows + piece.numRows,
        resultBytes: counts.resultBytes + piece.bytes.length,
      };
      if (out === undefined) gathered.push(piece.bytes);
      else if (!out.write(piece.bytes)) await drained(out, response);
      if (out === undefined && counts.resultBytes >= GATHERED) {
        out = openFlow(response, request, statement.format, summary(counts, started), tag);
        for (const bytes of gathered.splice(0)) out.write(bytes);
      }
    }
  } catch (error) {
    if (out === undefined) throw error;
    out.end(exceptionBlock(exceptionOf(error).message, tag));
    return;
  }
  if (out === undefined)
    await whole(response, request, statement.format, Buffer.concat(gathered), summary(counts, started));
  else out.end();
}

function openFlow(
  response: ServerResponse,
  request: FrontRequest,
  format: string,
  sum: string,
  tag: string,
): NodeJS.WritableStream {
  response.writeHead(200, {
    ...headers(request, format),
    'X-ClickHouse-Summary': sum,
    'X-ClickHouse-Exception-Tag': tag,
    ...(request.gzip ? { 'Content-Encoding': 'gzip' } : {}),
  });
  if (!request.gzip) return response;
  const pack = createGzip({ level: 1 });
  pack.pipe(response);
  return pack;
}

/** Waits until the reader has caught up, or has gone. */
async function drained(out: NodeJS.WritableStream, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  response.once('close', leave);
  try {
    if (response.destroyed) return;
    await once(out, 'drain', { signal: gone.signal });
  } catch {
    // the reader has gone; its abort ends the query
  } finally {
    response.off('close', leave);
  }
}

/** How ClickHouse tells of a failure after the first byte has left; its official clients look for this block. */
function exceptionBlock(message: string, tag: string): string {
  const text = `${message}\n`;
  return `\r\n__exception__\r\n${tag}\r\n${text}${Buffer.byteLength(text)} ${tag}\r\n__exception__\r\n`;
}

async function whole(
  response: ServerResponse,
  request: FrontRequest,
  format: string,
  bytes: Buffer,
  sum: string,
): Promise<void> {
  const packs = request.gzip && bytes.length >= WORTH_PACKING;
  const body = packs ? await packed(bytes, { level: 1 }) : bytes;
  response.writeHead(200, {
    ...headers(request, format),
    'X-ClickHouse-Summary': sum,
    'Content-Length': body.length,
    ...(packs ? { 'Content-Encoding': 'gzip' } : {}),
  });
  response.end(body);
}

export function headers(request: FrontRequest, format: string): Record<string, string> {
  return {
    'Content-Type': CONTENT_TYPES.find(([name]) => name.test(format))?.[1] ?? 'text/plain; charset=UTF-8',
    'X-ClickHouse-Query-Id': request.queryId,
    'X-ClickHouse-Format': format,
    'X-ClickHouse-Timezone': 'UTC',
    'X-ClickHouse-Server-Display-Name': 'bellwether',
  };
}

function summary(counts: Counts, started: bigint): string {
  return JSON.stringify({
    read_rows: String(counts.readRows),
    read_bytes: String(counts.readBytes),
    written_rows: String(counts.writtenRows),
    written_bytes: String(counts.writtenBytes),
    total_rows_to_read: '0',
    result_rows: String(counts.resultRows),
    result_bytes: String(counts.resultBytes),
    elapsed_ns: String(process.hrtime.bigint() - started),
  });
}
