import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { joinArrow } from './arrow.ts';
import type { Spool } from './body.ts';
import type { Session } from './clickhouse.ts';
import { FlowingAnswer } from './flow.ts';
import { headers, type Counts } from './headers.ts';
import type { Piece, Written } from './native.ts';
import { readingFrom, type InsertPlan, type SelectPlan } from './plan.ts';
import type { FrontRequest } from './request.ts';

/** Bytes of a result gathered before its first byte leaves, so that most failures still have a status of their own. */
const GATHERED = 1 << 20;
const WORTH_PACKING = 1_024;

const packed = promisify(gzip);

/** Runs an insert and answers with what it wrote. */
export async function answerInsert(
  plan: InsertPlan,
  spool: Spool,
  request: FrontRequest,
  session: Session,
  response: ServerResponse,
): Promise<void> {
  const started = process.hrtime.bigint();
  const from = (file: string): Promise<Written> => session.insert(readingFrom(file, plan.sql));
  const { rowsWritten, bytesWritten } =
    plan.file !== undefined
      ? await from(plan.file)
      : plan.data !== undefined
        ? await spool.withFile(plan.data, from)
        : await session.insert(plan.sql);
  const counts = { writtenRows: rowsWritten, writtenBytes: bytesWritten };
  await send(response, request, plan.format, Buffer.alloc(0), counts, started);
}

/** Runs any other statement and writes its answer. */
export async function answerSelect(
  plan: SelectPlan,
  request: FrontRequest,
  session: Session,
  response: ServerResponse,
): Promise<void> {
  const started = process.hrtime.bigint();
  if (plan.kind === 'flow') return flow(session, plan, request, response, started);
  const { bytes, rowsRead, bytesRead } = await session.query(plan.sql, plan.format);
  const counts = { readRows: rowsRead, readBytes: bytesRead, resultBytes: bytes.length };
  await send(response, request, plan.format, bytes, counts, started);
}

async function flow(
  session: Session,
  plan: SelectPlan,
  request: FrontRequest,
  response: ServerResponse,
  started: bigint,
): Promise<void> {
  const gathered: Buffer[] = [];
  const counts = { resultRows: 0, resultBytes: 0 };
  let out: FlowingAnswer | undefined;
  try {
    for await (const { bytes, numRows } of piecesOf(session, plan)) {
      counts.resultRows += numRows;
      counts.resultBytes += bytes.length;
      if (out === undefined) gathered.push(bytes);
      else await out.write(bytes);
      if (out !== undefined || counts.resultBytes < GATHERED) continue;
      out = new FlowingAnswer(response, request, plan.format, counts, started);
      await out.write(Buffer.concat(gathered.splice(0)));
    }
  } catch (error) {
    if (out === undefined) throw error;
    return out.fail(error);
  }
  if (out !== undefined) return out.end();
  await send(response, request, plan.format, Buffer.concat(gathered), counts, started);
}

function piecesOf(session: Session, { sql, format }: SelectPlan): AsyncIterable<Piece> {
  const pieces = session.pieces(sql, format);
  return format === 'ArrowStream' ? joinArrow(pieces) : pieces;
}

async function send(
  response: ServerResponse,
  request: FrontRequest,
  format: string,
  bytes: Buffer,
  counts: Counts,
  started: bigint,
): Promise<void> {
  const packs = request.gzip && bytes.length >= WORTH_PACKING;
  const body = packs ? await packed(bytes, { level: 1 }) : bytes;
  response.writeHead(200, {
    ...headers(request, format, counts, started),
    'Content-Length': body.length,
    ...(packs ? { 'Content-Encoding': 'gzip' } : {}),
  });
  response.end(body);
}
