import { freshWarehouseUrl } from '@bellwether/testing';
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// ClickHouse's HTTP interface as its official client and curl use it: true of the embedded one and of a real server.

let url: URL;
let client: ClickHouseClient;
beforeAll(async () => {
  url = new URL(await freshWarehouseUrl());
  client = createClient({ url: url.href, max_open_connections: 32, log: { level: ClickHouseLogLevel.OFF } });
});
afterAll(() => client.close());

interface Asked {
  query?: string;
  body?: string | Buffer;
  headers?: Record<string, string>;
  search?: Record<string, string>;
}

/** One plain request, without any client. */
async function ask(sql: string, { query, body, headers = {}, search = {} }: Asked = {}): Promise<Response> {
  const target = new URL(`http://${url.host}/`);
  target.searchParams.set('database', url.pathname.slice(1));
  if (query !== undefined) target.searchParams.set('query', query);
  for (const [name, value] of Object.entries(search)) target.searchParams.set(name, value);
  return fetch(target, {
    method: 'POST',
    headers: {
      'X-ClickHouse-User': decodeURIComponent(url.username),
      'X-ClickHouse-Key': decodeURIComponent(url.password),
      ...headers,
    },
    body: typeof body === 'object' ? new Uint8Array(body) : (body ?? sql),
  });
}

async function text(sql: string, asked?: Asked): Promise<string> {
  const answer = await ask(sql, asked);
  const said = await answer.text();
  if (!answer.ok) throw new Error(said);
  return said;
}

async function table(columns: string, settings = ''): Promise<string> {
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await text(`CREATE TABLE ${name} (${columns}) ENGINE = MergeTree ORDER BY tuple() ${settings}`);
  return name;
}

describe('a request', () => {
  test('is pinged without a password', async () => {
    expect(await (await fetch(`http://${url.host}/ping`)).text()).toBe('Ok.\n');
    expect((await client.ping()).success).toBe(true);
  });

  test('has its statement in the URL, in the body, or in both', async () => {
    expect(await text('SELECT 1')).toBe('1\n');
    expect(await text('', { query: 'SELECT 2', body: '' })).toBe('2\n');
    expect(await text('', { query: 'SELECT 3', body: 'WHERE 1' })).toBe('3\n');
  });

  test('is refused with 403 when the password is wrong', async () => {
    const answer = await ask('SELECT 1', { headers: { 'X-ClickHouse-Key': 'guess' } });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('x-clickhouse-exception-code')).toBe('516');
    expect(await answer.text()).not.toContain(decodeURIComponent(url.password) || '\0');
  });

  test('names its failures by code, as the official client reads them', async () => {
    const missing = await ask('SELECT * FROM nowhere');
    expect([missing.status, missing.headers.get('x-clickhouse-exception-code')]).toEqual([404, '60']);
    await missing.text();
    await expect(client.query({ query: 'SELEC 1' })).rejects.toMatchObject({
      code: '62',
      type: 'SYNTAX_ERROR',
    });
    await expect(
      client.command({ query: 'SELECT 1', clickhouse_settings: { nonsense: '1' } }),
    ).rejects.toMatchObject({ code: '115' });
  });

  test('is one statement', async () => {
    expect(await text("SELECT ';' -- ; and\n;")).toBe(';\n');
    const two = await ask('SELECT 1; SELECT 2');
    expect([two.status, two.headers.get('x-clickhouse-exception-code')]).toEqual([400, '62']);
    await two.text();
  });

  test('carries parameters of every kind, and text stays text', async () => {
    const nasty = `it's a "test" \\ \t \n \`x\` {y:String} ; DROP -- 優惠券 \u0001`;
    const query_params = {
      nasty,
      n: 42,
      list: ['a', "b'c", 'd\\e'],
      moment: '2026-01-31 12:00:00.123',
      nothing: null,
      map: { a: 1 },
      table: 'one',
    };
    const result = await client.query({
      query: `SELECT {nasty:String} AS nasty, {n:UInt32} + 1 AS n, {list:Array(String)} AS list,
        {moment:DateTime64(3, 'UTC')} AS moment, {nothing:Nullable(String)} AS nothing,
        {map:Map(String, UInt8)} AS map FROM system.{table:Identifier}`,
      query_params,
      format: 'JSONEachRow',
    });
    expect(await result.json()).toEqual([
      { nasty, n: 43, list: query_params.list, moment: query_params.moment, nothing: null, map: { a: 1 } },
    ]);
  });

  test('packs and unpacks with gzip', async () => {
    const name = await table('n UInt32');
    const body = gzipSync(Array.from({ length: 5_000 }, (_, n) => `{"n":${n}}`).join('\n'));
    await text('', {
      query: `INSERT INTO ${name} FORMAT JSONEachRow`,
      body,
      headers: { 'Content-Encoding': 'gzip' },
    });
    const target = new URL(`http://${url.host}/?enable_http_compression=1`);
    const answer = await fetch(target, {
      method: 'POST',
      headers: {
        Authorization: `Basic ${btoa(`${url.username}:${url.password}`)}`,
        'Accept-Encoding': 'gzip',
      },
      body: `SELECT n FROM ${url.pathname.slice(1)}.${name} ORDER BY n`,
    });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect((await answer.text()).split('\n')).toHaveLength(5_001);
    expect(gunzipSync(body).length).toBeGreaterThan(body.length);
  });

  test('tells what was written', async () => {
    const name = await table('n UInt32');
    const { summary } = await client.insert({
      table: name,
      values: [{ n: 1 }, { n: 2 }],
      format: 'JSONEachRow',
    });
    expect(summary?.written_rows).toBe('2');
    const copied = await ask(`INSERT INTO ${name} SELECT n FROM ${name} WHERE n = 1`);
    await copied.text();
    expect(JSON.parse(copied.headers.get('x-clickhouse-summary') ?? '{}')).toMatchObject({
      written_rows: '1',
    });
  });
});

describe('an insert', () => {
  test('takes text and binary formats, whatever the data contain', async () => {
    const name = await table('n UInt32, s String');
    const odd = 'a;b\n\nc\'d"e\n; DROP TABLE x';
    await text(`INSERT INTO ${name} VALUES (1, 'a;\n\nb'),\n(2, 'c')`);
    await text(`INSERT INTO ${name} FORMAT CSV\n3,"${odd.replaceAll('"', '""')}"\n`);
    await text('', {
      query: `INSERT INTO ${name} FORMAT JSONEachRow`,
      body: JSON.stringify({ n: 4, s: odd }),
    });
    const copy = Buffer.from(
      await (await ask(`SELECT n + 10 AS n, s FROM ${name} ORDER BY n FORMAT Parquet`)).arrayBuffer(),
    );
    await text('', { query: `INSERT INTO ${name} FORMAT Parquet`, body: copy });
    expect(
      await text(`SELECT n, s = {odd:String} FROM ${name} ORDER BY n FORMAT TSV`, {
        search: { param_odd: odd.replaceAll('\n', '\\n') },
      }),
    ).toBe(
      '1\tfalse\n2\tfalse\n3\ttrue\n4\ttrue\n11\tfalse\n12\tfalse\n13\ttrue\n14\ttrue\n'
        .replaceAll('false', '0')
        .replaceAll('true', '1'),
    );
  });

  test('with a token happens once, small and large', async () => {
    const name = await table('n UInt64, s String', 'SETTINGS non_replicated_deduplication_window = 100');
    const lines = (count: number): Buffer =>
      Buffer.from(
        Array.from({ length: count }, (_, n) => `{"n":${n},"s":"some text of row ${n}"}`).join('\n'),
      );
    for (const [token, rows] of [
      ['small', 10],
      ['large', 120_000],
    ] as const) {
      for (let repeat = 0; repeat < 3; repeat++)
        await text('', {
          query: `INSERT INTO ${name} FORMAT JSONEachRow`,
          body: lines(rows),
          search: { insert_deduplication_token: token },
        });
    }
    expect(await text(`SELECT count() FROM ${name}`)).toBe('120010\n');
  });

  test('is transformed on its way by input()', async () => {
    const name = await table('n UInt32, s String');
    const query = `INSERT INTO ${name} SELECT n * 2, upper(s) FROM input('n UInt32, s String') FORMAT JSONEachRow`;
    await text('', { query, body: '{"n":1,"s":"a"}\n{"n":2,"s":"b"}' });
    expect(await text(`SELECT n, s FROM ${name} ORDER BY n`)).toBe('2\tA\n4\tB\n');
  });

  test('that fails says in which row, and leaves nothing', async () => {
    const name = await table('n UInt32');
    const answer = await ask('', {
      query: `INSERT INTO ${name} FORMAT JSONEachRow`,
      body: '{"n":1}\n{"n":"x"}',
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await answer.text()).toMatch(/row/);
    expect(await text(`SELECT count() FROM ${name}`)).toBe('0\n');
  });
});

describe('a result', () => {
  test.each(['JSONEachRow', 'JSON', 'CSVWithNames', 'TabSeparated', 'JSONCompactEachRowWithNames'] as const)(
    'of many pieces is whole as %s',
    async format => {
      const rows = 300_000;
      const result = await client.query({ query: `SELECT number AS n FROM numbers(${rows})`, format });
      const body = await result.text();
      if (format === 'JSON') expect((JSON.parse(body) as { rows: number }).rows).toBe(rows);
      else expect(body.trimEnd().split('\n')).toHaveLength(rows + (format.endsWith('WithNames') ? 1 : 0));
    },
  );

  test('that fails in the middle is not taken for whole', async () => {
    const query = 'SELECT throwIf(number = 4000000, $$half way$$) AS x, number FROM numbers(5000000)';
    const result = client.query({
      query,
      format: 'JSONEachRow',
      clickhouse_settings: { max_block_size: '65536' },
    });
    await expect(result.then(rows => rows.json())).rejects.toThrow(/half way/);
  });

  test('of nothing is empty', async () => {
    expect(await text('SELECT 1 WHERE 0')).toBe('');
    const result = await client.query({ query: 'SELECT 1 AS a WHERE 0', format: 'JSONEachRow' });
    expect(await result.json()).toEqual([]);
  });
});

describe('requests side by side', () => {
  test('never see each other: no rows, settings, parameters or database of another', async () => {
    const asked = Array.from({ length: 60 }, async (_, n) => {
      if (n % 3 === 0)
        await ask(`SELECT throwIf(number = 100, '${n}'), number FROM numbers(1000)`).then(a => a.text());
      const said = await text(`SELECT {n:UInt32}, getSetting('max_block_size'), currentDatabase()`, {
        search: { param_n: String(n), max_block_size: String(1_000 + n) },
      });
      expect(said).toBe(`${n}\t${1_000 + n}\t${url.pathname.slice(1)}\n`);
    });
    await Promise.all(asked);
    const unset = await ask('SELECT {n:UInt32}');
    expect([unset.status, unset.headers.get('x-clickhouse-exception-code')]).toEqual([400, '456']);
    await unset.text();
    expect(await text("SELECT getSetting('max_block_size') >= 1100")).toBe('1\n');
  });

  test('an aborted query stops, and its place is free', async () => {
    const endless = 'SELECT count() FROM numbers(100000000000) WHERE NOT ignore(sipHash64(number))';
    const mark = randomUUID();
    const aborts = Array.from({ length: 16 }, () => new AbortController());
    const running = aborts.map(({ signal }) =>
      client
        .query({
          query: `${endless} /* ${mark} */`,
          abort_signal: signal,
          clickhouse_settings: { max_threads: 1, cancel_http_readonly_queries_on_client_close: 1 },
        })
        .then(rows => rows.text()),
    );
    const left = Promise.allSettled(running);
    await wait(500);
    for (const abort of aborts) abort.abort();
    expect((await left).every(outcome => outcome.status === 'rejected')).toBe(true);
    // asked for backwards, so that the question does not find itself
    const count = `SELECT count() FROM system.processes WHERE query LIKE concat('%', reverse({mark:String}), '%')`;
    let unended = '';
    for (let tries = 0; tries < 100 && unended !== '0\n'; tries++, await wait(100))
      unended = await text(count, { search: { param_mark: [...mark].reverse().join('') } });
    expect(unended).toBe('0\n');
  });
});
