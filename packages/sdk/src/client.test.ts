import { api, isAppError } from '@bellwether/contracts';
import { describe, expect, test } from 'vitest';
import { createClient } from './client.ts';

interface Seen {
  url: string;
  init: RequestInit;
}

function clientOf(answer: () => Response): { client: ReturnType<typeof createClient>; seen: Seen[] } {
  const seen: Seen[] = [];
  const fetch = (async (url: string, init: RequestInit) => {
    seen.push({ url, init });
    return answer();
  }) as typeof globalThis.fetch;
  return { client: createClient({ baseUrl: 'http://host', key: 'k', fetch }), seen };
}

describe('the typed client', () => {
  test('writes parameters into the path, and the query behind it', async () => {
    const { client, seen } = clientOf(() => Response.json({ rows: [], total: 0 }));
    await client.call(api.customers.timeline, { params: { id: 'a/b 客' }, query: { limit: 5 } });
    expect(seen[0]?.url).toBe('http://host/v1/customers/a%2Fb%20%E5%AE%A2/timeline?limit=5');
    expect(new Headers(seen[0]?.init.headers).get('authorization')).toBe('Bearer k');
  });

  test('leaves out query fields that are undefined, and the input where none is needed', async () => {
    const { client, seen } = clientOf(() => Response.json([]));
    await client.call(api.customers.list, { query: { search: undefined, sort: 'revenue' } });
    await client.call(api.account.keys);
    expect(seen.map(call => call.url)).toEqual([
      'http://host/v1/customers?sort=revenue',
      'http://host/v1/keys',
    ]);
  });

  test('sends a body as JSON', async () => {
    const { client, seen } = clientOf(() => Response.json({ size: 3 }));
    const { size } = await client.call(api.engagement.countAudience, { body: { scenario: 's' } });
    expect(size).toBe(3);
    expect(seen[0]?.init.body).toBe('{"scenario":"s"}');
  });

  test('throws the server’s own code and sentence', async () => {
    const problem = {
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      code: 'customer.unknown',
      detail: 'nobody',
    };
    const { client } = clientOf(() => Response.json(problem, { status: 404 }));
    const error = await client.call(api.account.me).catch((reason: unknown) => reason);
    expect(isAppError(error, 'customer.unknown')).toBe(true);
    expect(error).toMatchObject({ message: 'nobody', details: { status: 404 } });
  });

  test('says so when what answered was not the server', async () => {
    const { client } = clientOf(
      () => new Response('<h1>Bad Gateway</h1>', { status: 502, statusText: 'Bad Gateway' }),
    );
    await expect(client.call(api.account.me)).rejects.toMatchObject({ code: 'client.bad_answer' });
  });

  test('says so when nobody answers', async () => {
    const client = createClient({ baseUrl: 'http://127.0.0.1:1' });
    await expect(client.call(api.account.me)).rejects.toMatchObject({ code: 'client.unreachable' });
  });
});
