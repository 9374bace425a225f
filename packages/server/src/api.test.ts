import { api, type Job, type Problem, type Route } from '@bellwether/contracts';
import { createClient, type Client } from '@bellwether/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve, type Served } from './fixtures/serve.test-support.ts';
import type { Server } from './server.ts';

let server: Server;
let admin: Client;
let served: Served;

beforeAll(async () => {
  served = await serve({ currency: 'EUR' });
  ({ server, admin } = served);
});

afterAll(() => served.close());

const basic = (key: string): Record<string, string> => ({ authorization: `Basic ${btoa(`${key}:`)}` });
const json = { 'content-type': 'application/json' };

async function settled(job: Job): Promise<Job> {
  return server.installation.jobs.settled(job.id);
}

async function signIn(): Promise<string> {
  const { email, password } = server.installation.firstSignIn ?? { email: '', password: '' };
  const body = JSON.stringify({ email, password });
  const answer = await server.app.inject({ method: 'POST', url: '/v1/session', headers: json, body });
  expect(answer.statusCode).toBe(200);
  return answer.headers['set-cookie'] as string;
}

interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, { summary: string; security: object[] }>>;
}

/** What stands at a path of keys inside a JSON value. */
function at(value: unknown, [key, ...rest]: string[]): unknown {
  if (key === undefined || typeof value !== 'object' || value === null) return value;
  return at((value as Record<string, unknown>)[key], rest);
}

describe('the API describes itself', () => {
  test('OpenAPI 3.1 has every route of the contracts, with its summary and who may call it', async () => {
    const document = (await server.app.inject('/openapi.json')).json<OpenApi>();
    expect(document.openapi).toBe('3.1.0');
    for (const route of Object.values<Record<string, Route>>(api).flatMap(area => Object.values(area))) {
      const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
      const operation = document.paths[path]?.[route.method.toLowerCase()];
      expect(operation?.summary, `${route.method} ${path}`).toBe(route.summary);
      expect((operation?.security ?? []).length > 0, path).toBe(route.access !== 'public');
    }
  });

  test('each operation has a name of its own, and each reference leads somewhere', async () => {
    const text = (await server.app.inject('/openapi.json')).body;
    const names = [...text.matchAll(/"operationId":"([^"]+)"/g)].map(([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const [, path] of text.matchAll(/"\$ref":"#\/([^"]+)"/g))
      expect(at(JSON.parse(text), path?.split('/') ?? []), path).toBeDefined();
  });

  test('the readable page brings its own script', async () => {
    const page = await server.app.inject('/docs/');
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toMatch(/https?:\/\//);
    expect((await server.app.inject('/docs/js/scalar.js')).statusCode).toBe(200);
  });
});

describe('failures are problems of RFC 9457', () => {
  test('an unknown path, an unknown thing, a bad value, a bad body', async () => {
    const headers = { authorization: `Bearer ${server.installation.secrets.admin_key}` };
    const get = (url: string) => server.app.inject({ url, headers });
    const answers = await Promise.all([
      get('/v1/nowhere'),
      get('/v1/customers/nobody'),
      get('/v1/customers?limit=0'),
      server.app.inject({
        method: 'POST',
        url: '/v1/audiences',
        headers: { ...headers, ...json },
        body: '{',
      }),
    ]);
    expect(answers.map(answer => [answer.statusCode, answer.json<Problem>().code])).toEqual([
      [404, 'request.unknown_path'],
      [404, 'customer.unknown'],
      [400, 'request.invalid'],
      [400, 'request.malformed'],
    ]);
    for (const answer of answers)
      expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answers[2]?.json().errors[0].path).toBe('querystring.limit');
  });

  test('a fault of the server tells nothing of its inside', async () => {
    const close = server.installation.stores.warehouse.query;
    server.installation.stores.warehouse.query = () =>
      Promise.reject(new Error('table secret_table at /path'));
    const headers = { authorization: `Bearer ${server.installation.secrets.admin_key}` };
    const answer = await server.app.inject({ url: '/v1/customers', headers });
    server.installation.stores.warehouse.query = close;
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('secret_table');
    expect(answer.json().detail).toContain(answer.headers['x-request-id']);
  });
});

describe('people', () => {
  test('sign in, are known by their cookie, and sign out', async () => {
    const cookie = await signIn();
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    const me = await server.app.inject({ url: '/v1/session', headers: { cookie } });
    expect(me.json()).toMatchObject({ email: 'admin@bellwether.local', role: 'admin' });
    const headers = { cookie, ...json };
    expect((await server.app.inject({ method: 'DELETE', url: '/v1/session', headers })).statusCode).toBe(200);
    expect((await server.app.inject({ url: '/v1/session', headers: { cookie } })).statusCode).toBe(401);
  });

  test('a page of another site may not act for them', async () => {
    const cookie = await signIn();
    const post = (headers: Record<string, string>) =>
      server.app.inject({ method: 'POST', url: '/v1/loop', headers: { cookie, host: 'shop', ...headers } });
    expect((await post({ origin: 'https://evil.example' })).json().code).toBe('access.other_site');
    expect((await post({ origin: 'null' })).json().code).toBe('access.other_site');
    expect((await post({})).json().code).toBe('access.other_site');
    expect((await post({ origin: 'http://shop' })).statusCode).toBe(200);
  });

  test('change their password, which ends their other sessions', async () => {
    const [cookie, other] = [await signIn(), await signIn()];
    const current = server.installation.firstSignIn?.password ?? '';
    const change = (body: object) =>
      server.app.inject({
        method: 'PUT',
        url: '/v1/session/password',
        headers: { cookie, ...json },
        body: JSON.stringify(body),
      });
    expect((await change({ current: 'wrong', next: 'long enough 1' })).json().code).toBe(
      'account.wrong_password',
    );
    expect((await change({ current, next: 'long enough 1' })).statusCode).toBe(200);
    expect((await change({ current: 'long enough 1', next: current })).statusCode).toBe(200);
    expect((await server.app.inject({ url: '/v1/session', headers: { cookie: other } })).statusCode).toBe(
      401,
    );
  });

  test('may guess a password ten times a minute', async () => {
    const body = JSON.stringify({ email: 'admin@bellwether.local', password: 'guess' });
    const statuses: number[] = [];
    for (let n = 0; n < 12; n++) {
      const call = {
        method: 'POST',
        url: '/v1/session',
        headers: json,
        body,
        remoteAddress: '10.1.1.1',
      } as const;
      statuses.push((await server.app.inject(call)).statusCode);
    }
    expect(statuses.filter(status => status === 401)).toHaveLength(10);
    expect(statuses.filter(status => status === 429)).toHaveLength(2);
  });
});

describe('programs', () => {
  test('may do what their scopes say and no more, until their key is revoked', async () => {
    const reader = await admin.call(api.account.createKey, { body: { name: 'reader', scopes: ['read'] } });
    const client = createClient({ baseUrl: server.url, key: reader.key });
    await expect(client.call(api.customers.list)).resolves.toMatchObject({ total: 0 });
    await expect(client.call(api.system.runLoop)).rejects.toMatchObject({ code: 'access.denied' });
    await expect(client.call(api.account.keys)).rejects.toMatchObject({ code: 'access.denied' });
    await admin.call(api.account.revokeKey, { params: { id: reader.id } });
    await expect(client.call(api.customers.list)).rejects.toMatchObject({ code: 'access.unauthenticated' });
  });

  test('a write key of a web page opens nothing but tracking', async () => {
    const client = createClient({ baseUrl: server.url, key: server.installation.secrets.write_key });
    await expect(client.call(api.customers.list)).rejects.toMatchObject({ code: 'access.denied' });
  });

  test('keys are stored as hashes', async () => {
    const made = await admin.call(api.account.createKey, { body: { name: 'k', scopes: ['track'] } });
    const rows = await server.installation.stores.records.selectFrom('api_keys').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(made.key);
  });
});

describe('tracking', () => {
  const track = (headers: Record<string, string>, body: string, url = '/v1/track') =>
    server.app.inject({ method: 'POST', url, headers: { ...json, ...headers }, body });
  const event = JSON.stringify({ userId: 'u1', event: 'Signed Up', messageId: 'm1' });

  test('answers as Segment does', async () => {
    const headers = basic(server.installation.secrets.write_key);
    const good = await track(headers, event);
    expect([good.statusCode, good.json()]).toEqual([200, { success: true }]);
    expect((await track(headers, '{')).statusCode).toBe(400);
    expect((await track(basic('stranger'), event)).statusCode).toBe(401);
    expect((await track(headers, JSON.stringify({ event: 'x', big: 'x'.repeat(40_000) }))).statusCode).toBe(
      413,
    );
  });

  test('takes a beacon: plain text, the key in the body', async () => {
    const body = JSON.stringify({ ...JSON.parse(event), writeKey: server.installation.secrets.write_key });
    expect((await track({ 'content-type': 'text/plain' }, body)).statusCode).toBe(200);
  });

  test('is open to pages of other sites, and nothing else is', async () => {
    const preflight = (url: string) =>
      server.app.inject({
        method: 'OPTIONS',
        url,
        headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
      });
    expect((await preflight('/v1/batch')).headers['access-control-allow-origin']).toBe('*');
    expect((await preflight('/v1/loop')).headers['access-control-allow-origin']).toBeUndefined();
  });

  test('what a stranger sent is kept with its reason', async () => {
    await server.installation.collection.drained();
    const { reasons } = await admin.call(api.data.quarantine, { query: {} });
    expect(reasons.map(({ reason }) => reason)).toContain('unknown_write_key');
  });
});

describe('operations', () => {
  test('alive, ready, counted', async () => {
    expect((await server.app.inject('/healthz')).json()).toEqual({ ok: true });
    expect((await server.app.inject('/readyz')).json().ready).toBe(true);
    expect((await server.app.inject('/metrics')).statusCode).toBe(401);
    const text = await (await admin.request('GET', '/metrics')).text();
    expect(text).toMatch(/bellwether_events_total\{outcome="accepted",reason=""\} [1-9]/);
    expect(text).toMatch(
      /bellwether_http_request_seconds_count\{method="POST",route="\/v1\/track",status="200"\}/,
    );
  });

  test('pages are held to a policy', async () => {
    const { headers } = await server.app.inject('/docs/');
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
  });
});

describe('from a file to figures', () => {
  test('an export is recognised, imported, learned from, and reported', async () => {
    const preview = await admin.upload('orders.csv', orders());
    expect(preview).toMatchObject({ kind: 'order_lines', missing: [] });
    const { kind, mapping, upload_id } = preview;
    const started = await admin.call(api.data.startImport, { body: { upload_id, kind, mapping } });
    const [job] = (await admin.call(api.system.jobs)).filter(({ name }) => name === 'import');
    expect((await settled(job)).error).toBeNull();
    const done = await admin.call(api.data.import, { params: { id: started.id } });
    expect(done.state).toBe('done');
    const loop = await settled(await admin.call(api.system.runLoop));
    expect(loop.error).toBeNull();
    expect(loop.result?.['lines_in']).toBe(done.rows_loaded);
    const overview = await admin.call(api.system.overview);
    // and the one who signed up above
    expect(overview.customers).toBe(301);
    expect(overview.learned?.auc).toBeGreaterThan(0.5);
    expect(overview.worth?.dry_run).toBe(true);
    const [best] = (await admin.call(api.customers.list, { query: { limit: 1 } })).rows;
    const one = await admin.call(api.customers.get, { params: { id: best?.customer_id ?? '' } });
    expect(one.probability).toBeGreaterThan(0);
    const { rows } = await admin.call(api.customers.timeline, {
      params: { id: one.customer_id },
      query: { limit: 1000 },
    });
    expect(rows.filter(({ kind: what }) => what === 'order').length).toBe(one.orders);
    const report = await (await admin.request('GET', '/v1/report?format=html&lang=zh-CN')).text();
    expect(report).toContain('<svg');
  });

  test('what is no file of ours is refused with a sentence, and not kept', async () => {
    await expect(admin.upload('x.csv', '\u0000\u0001\u0002')).rejects.toThrow();
    await expect(admin.call(api.data.preview, { params: { id: 'upl_x' }, body: {} })).rejects.toMatchObject({
      code: 'upload.unknown',
    });
  });
});

/** The last year of a shop with 300 customers, each with a rhythm of their own. */
function orders(): string {
  const lines = ['Order ID,SKU,Quantity,Unit Price,Order Date,Customer ID'];
  const start = Date.now() - 366 * 86_400_000;
  let random = 42;
  const next = (): number => (random = (random * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let customer = 0; customer < 300; customer++) {
    const rhythm = 5 + 90 * next();
    for (let day = rhythm * next(); day < 365; day += rhythm * (0.5 + next())) {
      const date = new Date(start + day * 86_400_000).toISOString().slice(0, 19);
      lines.push(
        `o${lines.length},p${Math.floor(20 * next())},1,${(5 + 20 * next()).toFixed(2)},${date},c${customer}`,
      );
    }
  }
  return lines.join('\n');
}
