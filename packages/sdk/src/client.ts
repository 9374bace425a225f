import {
  AppError,
  sentenceOf,
  type Input,
  type KeptFile,
  type Preview,
  type Problem,
  type Reply,
  type Route,
} from '@bellwether/contracts';

export interface ClientOptions {
  /** `http://127.0.0.1:4600`; empty in a page that the server itself served. */
  baseUrl: string;
  /** A program's key. A page that is signed in has its cookie instead. */
  key?: string;
  fetch?: typeof fetch;
}

export interface CallOptions {
  signal?: AbortSignal;
}

/** The input may be left out where the route needs none. */
type Arguments<R> =
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- asks whether an object without fields would do
  {} extends Input<R> ? [input?: Input<R>, options?: CallOptions] : [input: Input<R>, options?: CallOptions];

export interface Client {
  /** @throws AppError with the server's code and `details.status`; `client.unreachable` when nobody answers. */
  call<R extends Route>(route: R, ...args: Arguments<R>): Promise<Reply<R>>;
  /** Sends a file to be looked at; import it afterwards with `api.data.startImport`. */
  upload(fileName: string, content: BodyInit, options?: CallOptions): Promise<Preview>;
  /** Sends a file to learn from, or to be told of; go on with `api.tables`. */
  uploadTable(fileName: string, content: BodyInit, options?: CallOptions): Promise<KeptFile>;
  /** A raw request with the client's address and key, for what is not JSON (reports). Fails as `call` does. */
  request(method: string, path: string, init?: RequestInit): Promise<Response>;
}

/**
 * The typed client of the API: one call for every route of `api` in contracts.
 *
 * @example
 * const client = createClient({ baseUrl: 'http://127.0.0.1:4600', key });
 * const page = await client.call(api.customers.list, { query: { limit: 20 } });
 * const scores = await client.call(api.customers.scores, { params: { id: '17850' } });
 */
export function createClient(options: ClientOptions): Client {
  const send = options.fetch ?? globalThis.fetch.bind(globalThis);

  async function request(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (options.key !== undefined) headers.set('authorization', `Bearer ${options.key}`);
    const answer = await reach(() =>
      send(options.baseUrl + path, { credentials: 'same-origin', ...init, method, headers }),
    );
    if (!answer.ok) throw await failure(answer);
    return answer;
  }

  async function sent(
    as: string,
    fileName: string,
    content: BodyInit,
    call: CallOptions = {},
  ): Promise<unknown> {
    const init = { body: content, headers: { 'content-type': 'application/octet-stream' }, ...call };
    const streamed = content instanceof ReadableStream ? { ...init, duplex: 'half' } : init;
    const query = new URLSearchParams({ name: fileName, ...(as === 'import' ? {} : { as }) });
    return (await request('POST', `/v1/uploads?${query.toString()}`, streamed)).json();
  }

  return {
    request,
    async call<R extends Route>(route: R, ...[input, call]: Arguments<R>): Promise<Reply<R>> {
      const parts = (input ?? {}) as Parts;
      const answer = await request(route.method, pathOf(route.path, parts), bodyOf(parts, call));
      // the server serialises every answer through the route's own schema
      return (await answer.json()) as Reply<R>;
    },
    async upload(fileName, content, call) {
      return (await sent('import', fileName, content, call)) as Preview;
    },
    async uploadTable(fileName, content, call) {
      return (await sent('table', fileName, content, call)) as KeptFile;
    },
  };
}

/** What `Input` comes to for every route, once its types are forgotten. */
interface Parts {
  params?: Record<string, string | number>;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
}

function pathOf(template: string, { params = {}, query = {} }: Parts): string {
  const path = template.replaceAll(/:([a-z_]+)/g, (_, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}

function bodyOf({ body }: Parts, call: CallOptions = {}): RequestInit {
  if (body === undefined) return call;
  return { ...call, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

async function reach(send: () => Promise<Response>): Promise<Response> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error;
    const cause = error instanceof Error && error.cause !== undefined ? `: ${sentenceOf(error.cause)}` : '';
    throw new AppError('client.unreachable', `the server did not answer (${sentenceOf(error)}${cause})`, {
      cause: error,
    });
  }
}

async function failure(answer: Response): Promise<AppError> {
  const text = await answer.text();
  const problem = problemOf(text);
  const code = problem?.code ?? 'client.bad_answer';
  return new AppError(code, problem?.detail ?? `the server answered ${answer.status} ${answer.statusText}`, {
    details: { status: answer.status, ...(problem?.errors === undefined ? {} : { errors: problem.errors }) },
  });
}

function problemOf(text: string): Problem | undefined {
  try {
    const value = JSON.parse(text) as Partial<Problem>;
    // a proxy in between may answer JSON of its own
    return typeof value.code === 'string' && typeof value.detail === 'string'
      ? (value as Problem)
      : undefined;
  } catch {
    return undefined;
  }
}
