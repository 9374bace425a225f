import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createHash, timingSafeEqual } from 'node:crypto';
import { answerInsert, answerSelect } from './answer.ts';
import type { Spool } from './body.ts';
import type { ClickHouse } from './clickhouse.ts';
import { exceptionOf, HttpException } from './exception.ts';
import { bringsData, planOf, type Plan } from './plan.ts';
import { readRequest, type FrontRequest } from './request.ts';
import { cancelled, type Slots } from './slots.ts';

/** Bytes of a result, in the engine's own form, that is gathered as a whole. */
const LARGEST_WHOLE = 512 * 1024 * 1024;

/** Parameters travel in the URI: lists of ids are long. As much as ClickHouse allows by itself (`http_max_uri_size`). */
const LARGEST_URI = 1024 * 1024;

export interface Front {
  clickhouse: ClickHouse;
  slots: Slots;
  spool: Spool;
  password: string;
  /** Where a request that names no database works. */
  database: string;
}

/** ClickHouse's HTTP interface, as far as its official clients and curl use it. */
export function createFront(front: Front): Server {
  const server = createServer(
    { maxHeaderSize: LARGEST_URI },
    (request, response) => void serve(front, request, response),
  );
  // a query may run long before its first byte, and a body may come slowly
  server.requestTimeout = 0;
  server.timeout = 0;
  server.keepAliveTimeout = 30_000;
  return server;
}

async function serve(front: Front, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  if (/^\/ping(\?|$)/.test(incoming.url ?? '')) return void response.end('Ok.\n');
  const gone = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) gone.abort(cancelled());
  });
  try {
    const request = readRequest(incoming);
    authenticate(front, request);
    await run(front, request, incoming, response, gone.signal);
  } catch (error) {
    refuse(incoming, response, error);
  }
}

async function run(
  front: Front,
  request: FrontRequest,
  incoming: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const body = await (bringsData(request.query)
    ? front.spool.rows(incoming)
    : front.spool.statement(incoming));
  try {
    const plan = planOf(request, body);
    const giveBack = await front.slots.take(signal);
    try {
      const scope = { database: databaseOf(front, request), settings: settingsOf(request, plan), signal };
      await front.clickhouse.withSession(scope, async session => {
        if (plan.kind === 'insert') await answerInsert(plan, front.spool, request, session, response);
        else await answerSelect(plan, request, session, response);
      });
    } finally {
      giveBack();
    }
  } finally {
    await body.release();
  }
}

function databaseOf(front: Front, request: FrontRequest): string {
  const named = request.database || decodeURIComponent(request.path.slice(1));
  return named === '' || named === 'default' ? front.database : named;
}

/** A result that is gathered is bounded, unless the request bounds it itself. */
function settingsOf(request: FrontRequest, plan: Plan): (readonly [string, string])[] {
  const bounds: [string, string][] =
    plan.kind === 'whole'
      ? [
          ['max_result_bytes', String(LARGEST_WHOLE)],
          ['result_overflow_mode', 'throw'],
        ]
      : [];
  return [...bounds, ...request.settings, ...request.params];
}

function authenticate(front: Front, request: FrontRequest): void {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  if (timingSafeEqual(digest(request.password), digest(front.password))) return;
  throw new HttpException(
    403,
    516,
    `${request.user || 'default'}: Authentication failed: password is incorrect, or there is no user with such name.`,
    'AUTHENTICATION_FAILED',
  );
}

function refuse(incoming: IncomingMessage, response: ServerResponse, error: unknown): void {
  const { status, code, message } = exceptionOf(error);
  if (response.destroyed) return;
  if (response.headersSent) return void response.destroy();
  // what is left of the body is read to its end, or the client would see a broken connection in place of the answer
  incoming.unpipe();
  incoming.resume();
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=UTF-8',
    'X-ClickHouse-Exception-Code': String(code),
  });
  response.end(`${message}\n`);
}
