import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createHash, timingSafeEqual } from 'node:crypto';
import { answer } from './answer.ts';
import type { Spool } from './body.ts';
import type { ClickHouse } from './clickhouse.ts';
import { exceptionOf, HttpException } from './exception.ts';
import { readRequest, type FrontRequest } from './request.ts';
import { cancelled, type Slots } from './slots.ts';

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
  const server = createServer((request, response) => void serve(front, request, response));
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
    refuse(response, error);
  }
}

async function run(
  front: Front,
  request: FrontRequest,
  incoming: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const body = await front.spool.take(incoming, request.query === '');
  try {
    const giveBack = await front.slots.take(signal);
    try {
      const scope = { database: databaseOf(front, request), settings: scopeSettings(request), signal };
      await front.clickhouse.withSession(scope, session => answer(request, body, session, response));
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

function scopeSettings(request: FrontRequest): [string, string][] {
  const params = request.params.map(([name, value]): [string, string] => [name, value]);
  return [...request.settings.map(([name, value]): [string, string] => [name, value]), ...params];
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

function refuse(response: ServerResponse, error: unknown): void {
  const { status, code, message } = exceptionOf(error);
  if (response.destroyed) return;
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=UTF-8',
    'X-ClickHouse-Exception-Code': String(code),
    // a body that nobody reads any more must not block the connection's next request
    Connection: 'close',
  });
  response.end(`${message}\n`);
}
