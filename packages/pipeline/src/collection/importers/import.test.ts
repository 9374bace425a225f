import { story } from '@bellwether/testing';
import iconv from 'iconv-lite';
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createImport, getImport, listImports, previewFile, replayImport, runImport } from './index.ts';
import { exclusively } from './lock.ts';
import { fileOf, freshStores, importText, orderLines, orders, plannedImport } from './stores.test-support.ts';

const HEAD = 'order_id,sku,quantity,price,date\n';

story('an export imported twice changes nothing', {
  given: freshStores,
  when: async stores => {
    const first = await importText(stores, 'orders.csv', orders(200));
    const lines = await orderLines(stores);
    return { stores, first, lines, second: await importText(stores, 'again.csv', orders(200)) };
  },
  then: async ({ stores, first, lines, second }) => {
    expect(first).toMatchObject({
      state: 'done',
      rows_read: 200,
      rows_loaded: 200,
      rows_known: 0,
      rows_refused: 0,
    });
    expect(second).toMatchObject({ state: 'done', rows_read: 200, rows_loaded: 0, rows_known: 200 });
    expect(await orderLines(stores)).toEqual(lines);
    expect(lines).toHaveLength(200);
  },
});

story('of an export that overlaps an earlier one only the new lines come in', {
  given: async () => {
    const stores = await freshStores();
    await importText(stores, 'january.csv', orders(200));
    return stores;
  },
  when: stores => importText(stores, 'february.csv', orders(300)),
  then: async (second, stores) => {
    expect(second).toMatchObject({ rows_read: 300, rows_known: 200, rows_loaded: 100 });
    const whole = await freshStores();
    await importText(whole, 'all.csv', orders(300));
    expect(await orderLines(stores)).toEqual(await orderLines(whole));
  },
});

test('a line that a file truly repeats stays as often as it stands there', async () => {
  const stores = await freshStores();
  const line = '1,A,2,3.5,2025-01-01\n';
  expect(await importText(stores, 'a.csv', HEAD + line + line + '2,B,1,1,2025-01-02\n')).toMatchObject({
    rows_loaded: 3,
  });
  expect(await importText(stores, 'b.csv', HEAD + line + line + line)).toMatchObject({
    rows_loaded: 1,
    rows_known: 2,
  });
});

test('each refused line is kept with its number, its text and the reason', async () => {
  const stores = await freshStores();
  const bad = [
    '1,A,2,x,2025-01-01',
    ',A,2,1,2025-01-01',
    '1,"A, ""big""",2,1,2025-02-30',
    '1,A,2',
    '1,A,"2,1',
  ];
  const done = await importText(
    stores,
    'bad.csv',
    `${HEAD}0,A,1,1,2025-01-01\n${bad.join('\n')}\n7,A,1,1,2025-01-01\n`,
  );
  expect(done).toMatchObject({ rows_read: 7, rows_loaded: 2, rows_refused: 5 });
  const rows = await stores.warehouse.query(
    'SELECT line, reason, detail, raw, source, import_id FROM quarantine ORDER BY line',
  );
  const told = { source: 'import', import_id: done.id };
  expect(rows).toEqual([
    { line: 3, reason: 'not_a_number', detail: 'unit_price is “x”', raw: bad[0], ...told },
    { line: 4, reason: 'missing_required', detail: 'order_id is empty', raw: bad[1], ...told },
    { line: 5, reason: 'not_a_date', detail: 'at is “2025-02-30”', raw: bad[2], ...told },
    { line: 6, reason: 'wrong_number_of_columns', detail: '3 where 5 are expected', raw: bad[3], ...told },
    { line: 7, reason: 'unclosed_quote', detail: 'a quote is not closed', raw: bad[4], ...told },
  ]);
});

story('lines refused for a wrong mapping come back when it is mended', {
  given: async () => {
    const stores = await freshStores();
    const text =
      'order_id,sku,quantity,price,date\n1,A,1,2.5,13/02/2025\n2,B,2,3.5,02/03/2025\n3,C,x,1,01/04/2025\n';
    const { kind, mapping } = await previewFile(fileOf('o.csv', text));
    const done = await importText(stores, 'o.csv', text, { kind, mapping: { ...mapping, day_first: false } });
    return { stores, done, mapping };
  },
  when: async ({ stores, done, mapping }) => {
    const mended = { mapping: { ...mapping, day_first: true } };
    return [await replayImport(stores, done.id, mended), await replayImport(stores, done.id, mended)];
  },
  then: async ([first, second], { stores, done }) => {
    expect(done).toMatchObject({ rows_loaded: 1, rows_refused: 2 });
    expect(first).toEqual({ accepted: 1, refused: 1 });
    expect(second).toEqual({ accepted: 0, refused: 1 });
    expect(await getImport(stores.records, done.id)).toMatchObject({
      rows_loaded: 2,
      rows_refused: 1,
      mapping: { day_first: true },
    });
    const lines = await stores.warehouse.query(
      'SELECT line, toString(toDate(at)) AS day FROM order_lines ORDER BY line',
    );
    expect(lines).toEqual([
      { line: 2, day: '2025-02-13' },
      { line: 3, day: '2025-02-03' },
    ]);
    expect(await stores.warehouse.query("SHOW TABLES LIKE '%imp\\_%'")).toEqual([]);
  },
});

const CHINESE =
  '订单号,商品编号,商品名称,数量,单价,下单时间,客户编号\n1001,A1,马克杯,2,￥15.50,2024年1月5日 14时30分,张三\n1002,A2,茶壶,1,"1,299.00",2024年12月31日,李四\n';
const FRENCH =
  'Order ID;SKU;Title;Quantity;Unit Price;Date;Customer ID\n1;A;Café crème;2;1 234,50 €;31.12.2024 08:05;é1\n2;B;Été;1;7,5;1.2.2025;é2\n';

const readings: [string, string, Buffer, object[]][] = [
  ['GB18030', 'c.csv', iconv.encode(CHINESE, 'gb18030'), chineseRows()],
  ['UTF-8 with a mark', 'c.csv', Buffer.from(`\uFEFF${CHINESE}`), chineseRows()],
  [
    'UTF-16, gzipped',
    'c.csv.gz',
    gzipSync(iconv.encode(CHINESE, 'utf-16le', { addBOM: true })),
    chineseRows(),
  ],
  [
    'UTF-16 without a mark, tabs, CRLF',
    'f.txt',
    iconv.encode(FRENCH.replaceAll(';', '\t').replaceAll('\n', '\r\n'), 'utf-16le'),
    frenchRows(),
  ],
  ['Latin-1, semicolons', 'f.csv', iconv.encode(FRENCH, 'win1252'), frenchRows()],
];

function chineseRows(): object[] {
  return [
    {
      order_id: '1001',
      description: '马克杯',
      unit_price: 15.5,
      at: '2024-01-05 14:30:00.000',
      customer_id: '张三',
    },
    {
      order_id: '1002',
      description: '茶壶',
      unit_price: 1299,
      at: '2024-12-31 00:00:00.000',
      customer_id: '李四',
    },
  ];
}

function frenchRows(): object[] {
  return [
    {
      order_id: '1',
      description: 'Café crème',
      unit_price: 1234.5,
      at: '2024-12-31 08:05:00.000',
      customer_id: 'é1',
    },
    { order_id: '2', description: 'Été', unit_price: 7.5, at: '2025-02-01 00:00:00.000', customer_id: 'é2' },
  ];
}

test('files in any encoding that exports have are read as they were meant', async () => {
  const stores = await freshStores();
  for (const [encoding, name, bytes, expected] of readings) {
    const done = await importText(stores, name, bytes);
    expect(done.rows_refused, encoding).toBe(0);
    const rows = await stores.warehouse.query(
      'SELECT order_id, description, unit_price, toString(at) AS at, customer_id FROM order_lines ORDER BY order_id',
    );
    expect(rows, encoding).toEqual(expected);
    await stores.warehouse.command('TRUNCATE TABLE order_lines');
  }
});

test('the order of day and month, and the zone, are those of the data and the mapping', async () => {
  const stores = await freshStores();
  const rows =
    '1,A,1,1,12/1/2010 8:26\n2,A,1,1,12/31/2010 11:59 PM\n3,A,1,1,2010-12-01T08:26:00+08:00\n4,A,1,1,1291191960\n5,A,1,1,1/2/99\n6,A,1,1,Dec 1 2010\n';
  const { kind, mapping } = await previewFile(fileOf('o.csv', HEAD + rows));
  const done = await importText(stores, 'o.csv', HEAD + rows, {
    kind,
    mapping: { ...mapping, timezone: 'Asia/Shanghai' },
  });
  expect(done).toMatchObject({ rows_loaded: 6, mapping: { day_first: false } });
  const lines = await stores.warehouse.query<{ at: string }>(
    'SELECT toString(at) AS at FROM order_lines ORDER BY order_id',
  );
  expect(lines.map(({ at }) => at)).toEqual([
    '2010-12-01 00:26:00.000',
    '2010-12-31 15:59:00.000',
    '2010-12-01 00:26:00.000',
    '2010-12-01 08:26:00.000',
    '1999-01-01 16:00:00.000',
    '2010-11-30 16:00:00.000',
  ]);
});

test('numbers are read as accountants, shops and spreadsheets write them', async () => {
  const stores = await freshStores();
  const said = ['£2.55', '1,234.50', '(12.00)', '5-', '-3', '1e3', 'USD 9.90', '7 EUR'];
  await importText(
    stores,
    'o.csv',
    HEAD + said.map((price, n) => `${n},A,1,"${price}",2025-01-01\n`).join(''),
  );
  const lines = await stores.warehouse.query<{ unit_price: number }>(
    'SELECT unit_price FROM order_lines ORDER BY order_id',
  );
  expect(lines.map(line => line.unit_price)).toEqual([2.55, 1234.5, -12, -5, -3, 1000, 9.9, 7]);
});

test('a torn gzip file fails with a sentence and brings nothing in; its import can be seen', async () => {
  const stores = await freshStores();
  // random prices, so that the torn end lies behind the first megabyte
  const noise = Array.from(
    { length: 60_000 },
    (_, n) => `${n},É${(n * 7919) % 10_007},1,${(Math.sin(n) + 2).toFixed(12)},2025-01-01`,
  );
  const packed = gzipSync(HEAD + noise.join('\n'));
  const path = fileOf('orders.csv.gz', packed.subarray(0, packed.length - 1000));
  const planned = await plannedImport(stores, path);
  await expect(runImport(stores, planned.id, {}, { rows: 5000, bytes: 1 << 20 })).rejects.toMatchObject({
    code: 'import.gzip_truncated',
  });
  const [failed] = await listImports(stores.records);
  expect(failed).toMatchObject({ id: planned.id, state: 'failed', rows_loaded: 0 });
  expect(failed?.error).toContain('ends in the middle');
  expect(await orderLines(stores)).toEqual([]);
});

test('an import goes on where it was stopped, after any block', async () => {
  const limits = { rows: 40, bytes: 1 << 20 };
  const path = fileOf('orders.csv', orders(400));
  const whole = await freshStores();
  const straight = await runImport(whole, (await plannedImport(whole, path)).id, {}, limits);
  const stores = await freshStores();
  const planned = await plannedImport(stores, path);
  for (let block = 1; block <= 10; block++) {
    const stop = new AbortController();
    const stopped = await runImport(
      stores,
      planned.id,
      { signal: stop.signal, onProgress: ({ step }) => step === 'import.read' && stop.abort() },
      limits,
    );
    expect(stopped).toMatchObject({ state: 'stopped', rows_read: 40 * block });
  }
  const done = await runImport(stores, planned.id, {}, limits);
  expect(done).toMatchObject({
    state: 'done',
    rows_read: straight.rows_read,
    rows_loaded: straight.rows_loaded,
  });
  expect(await orderLines(stores)).toEqual(await orderLines(whole));
});

test('an import is carried out by one process at a time', async () => {
  const stores = await freshStores();
  const planned = await plannedImport(stores, fileOf('orders.csv', orders(400)));
  await exclusively(stores.records, planned.id, () =>
    expect(runImport(stores, planned.id)).rejects.toMatchObject({ code: 'import.running' }),
  );
  await runImport(stores, planned.id);
  expect(await getImport(stores.records, planned.id)).toMatchObject({ state: 'done', rows_loaded: 400 });
});

test('a stopped import does not go on with another file', async () => {
  const stores = await freshStores();
  const path = fileOf('orders.csv', orders(400));
  const planned = await plannedImport(stores, path);
  await runImport(stores, planned.id, { signal: AbortSignal.abort() });
  writeFileSync(path, orders(401));
  await expect(runImport(stores, planned.id)).rejects.toMatchObject({ code: 'import.file_changed' });
});

test('a mapping that does not fit the file is refused with a sentence', async () => {
  const stores = await freshStores();
  const path = fileOf('orders.csv', orders(3));
  const { mapping } = await previewFile(path);
  const created = (changes: object): Promise<unknown> =>
    createImport(stores, {
      path,
      fileName: 'orders.csv',
      kind: 'order_lines',
      mapping: { ...mapping, ...changes },
    });
  await expect(created({ fields: { ...mapping.fields, at: 'When' } })).rejects.toThrow(
    'orders.csv has no column "When" for at; found "Invoice"',
  );
  await expect(created({ fields: { order_id: 'Invoice' } })).rejects.toThrow(
    'no column is mapped to "product_id", "quantity"',
  );
  await expect(created({ fields: { ...mapping.fields, colour: 'Price' } })).rejects.toThrow(
    'order_lines has no field "colour"',
  );
  await expect(created({ timezone: 'Mars/Olympus' })).rejects.toMatchObject({ code: 'import.bad_timezone' });
});
