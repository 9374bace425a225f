import type { IncomingMessage } from 'node:http';
import { randomUUID } from 'node:crypto';
import { HttpException } from './exception.ts';

/** One request of ClickHouse's HTTP interface, without its body. */
export interface FrontRequest {
  path: string;
  queryId: string;
  /** The `query` of the URL; empty when the statement is the body. */
  query: string;
  database: string;
  format: string;
  user: string;
  password: string;
  settings: readonly (readonly [string, string])[];
  params: readonly (readonly [string, string])[];
  /** The answer may be packed with gzip. */
  gzip: boolean;
  /** The answer starts only when it is whole, so that a failure late in it has a status of its own. */
  wait: boolean;
}

/** Parameters of the URL that are the interface's own, not settings of ClickHouse. */
const OWN = new Set([
  'query',
  'query_id',
  'database',
  'user',
  'password',
  'default_format',
  'enable_http_compression',
  'wait_end_of_query',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'buffer_size',
  'http_write_exception_in_output_format',
  'quota_key',
  'role',
  'cancel_http_readonly_queries_on_client_close',
  'session_check',
  'session_timeout',
]);
const UNSUPPORTED = ['session_id', 'compress', 'decompress'];

/** @throws HttpException for a session, ClickHouse's own compression of bodies, or a malformed name */
export function readRequest(request: IncomingMessage): FrontRequest {
  const url = new URL(request.url ?? '/', 'http://front');
  const said = url.searchParams;
  const asked = (name: string, header: string): string => said.get(name) ?? headerOf(request, header);
  const basic = basicAuth(headerOf(request, 'authorization'));
  return {
    path: url.pathname,
    queryId: said.get('query_id') ?? randomUUID(),
    query: said.get('query') ?? '',
    database: asked('database', 'x-clickhouse-database'),
    format: asked('default_format', 'x-clickhouse-format') || 'TabSeparated',
    user: basic?.user ?? asked('user', 'x-clickhouse-user'),
    password: basic?.password ?? asked('password', 'x-clickhouse-key'),
    ...settingsAndParams(said),
    gzip:
      said.get('enable_http_compression') === '1' && /\bgzip\b/.test(headerOf(request, 'accept-encoding')),
    wait: said.get('wait_end_of_query') === '1',
  };
}

function settingsAndParams(said: URLSearchParams): Pick<FrontRequest, 'settings' | 'params'> {
  const settings: [string, string][] = [];
  const params: [string, string][] = [];
  for (const [name, value] of said) {
    if (UNSUPPORTED.includes(name) && value !== '0' && value !== '') throw unsupported(name);
    if (OWN.has(name) || UNSUPPORTED.includes(name)) continue;
    if (!/^\w+$/.test(name))
      throw new HttpException(400, 36, `"${name}" is not a name of a setting`, 'BAD_ARGUMENTS');
    if (name.startsWith('param_')) params.push([name, value]);
    else settings.push([name, value]);
  }
  return { settings, params };
}

function unsupported(name: string): HttpException {
  return new HttpException(
    400,
    48,
    `the embedded warehouse has no "${name}": each request stands alone; pack bodies with gzip`,
    'NOT_IMPLEMENTED',
  );
}

function basicAuth(header: string): { user: string; password: string } | undefined {
  const encoded = /^Basic\s+(\S+)$/i.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  const [user = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { user, password: rest.join(':') };
}

export function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}
