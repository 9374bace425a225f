import { publicData } from '@bellwether/testing';
import { expect, test } from 'vitest';
import { freshStores, importFile, plannedImport } from './stores.test-support.ts';
import { previewFile, runImport } from './index.ts';

/** Skips, saying why, where a public data set is not on this machine. */
function onData(name: string, file: string, check: (path: string) => Promise<void>): void {
  const path = publicData(file);
  test.skipIf(path === undefined)(path === undefined ? `${name} (skipped: no ${file} here)` : name, () =>
    check(path!),
  );
}

onData(
  'the retail file is recognised and every line of it loaded or refused',
  'transactions/online_retail_to_2011-08.csv.gz',
  async path => {
    const stores = await freshStores();
    const planned = await plannedImport(stores, path);
    expect(planned.mapping.fields).toEqual({
      order_id: 'InvoiceNo',
      product_id: 'StockCode',
      description: 'Description',
      quantity: 'Quantity',
      at: 'InvoiceDate',
      unit_price: 'UnitPrice',
      customer_id: 'CustomerID',
      country: 'Country',
    });
    const started = performance.now();
    const done = await runImport(stores, planned.id);
    const took = (performance.now() - started) / 1000;
    process.stdout.write(`the retail file was imported in ${took.toFixed(1)} s\n`);
    expect(done).toMatchObject({ state: 'done', rows_read: 320_705, rows_known: 0 });
    expect(done.rows_loaded + done.rows_refused).toBe(done.rows_read);
    const { n, customers, first } = await stores.warehouse.one<{
      n: number;
      customers: number;
      first: string;
    }>(
      "SELECT count() AS n, uniqExactIf(customer_id, customer_id != '') AS customers, toString(min(at)) AS first FROM order_lines",
    );
    expect({ n, first }).toEqual({ n: done.rows_loaded, first: '2010-12-01 08:26:00.000' });
    expect(customers).toBeGreaterThan(3000);
    const again = await importFile(stores, path);
    expect(again).toMatchObject({ state: 'done', rows_read: 320_705, rows_known: 320_705, rows_loaded: 0 });
  },
);

onData(
  'a web log becomes events of visitors whose address is kept nowhere',
  'weblogs/apache_access_17-18_may.log.gz',
  async path => {
    const stores = await freshStores();
    expect(await importFile(stores, path)).toMatchObject({
      kind: 'access_log',
      rows_read: 4525,
      rows_loaded: 4525,
    });
    const told = await stores.warehouse.one(
      `SELECT uniqExact(event_id) AS events, countIf(bot) > 500 AS bots, countIf(NOT bot) > 2000 AS people,
       uniqExact(session_id) > uniqExact(anonymous_id) AS sessions,
       countIf(match(concat(anonymous_id, properties, context), '83[.]149[.]9[.]216')) AS addresses
     FROM events WHERE type = 'page'`,
    );
    expect(told).toEqual({ events: 4525, bots: 1, people: 1, sessions: 1, addresses: 0 });
  },
);

onData('a catalogue becomes products', 'products/flipkart_1050.csv.gz', async path => {
  const stores = await freshStores();
  expect(await importFile(stores, path)).toMatchObject({
    kind: 'products',
    rows_read: 1050,
    rows_loaded: 1050,
  });
  const { n } = await stores.warehouse.one<{ n: number }>(
    "SELECT count() AS n FROM products WHERE title != '' AND price > 0",
  );
  expect(n).toBeGreaterThan(1000);
});

onData('ad figures without a day and a campaign say so', 'ads/KAG_conversion_data.csv', async path => {
  expect(await previewFile(path)).toMatchObject({ kind: 'ad_performance', missing: ['day', 'campaign'] });
  const stores = await freshStores();
  await expect(plannedImport(stores, path)).rejects.toThrow(
    'KAG_conversion_data.csv cannot be imported as ad_performance: no column is mapped to "day", "campaign"',
  );
});

onData('a table of a bank is none of the kinds', 'purchase/bank-additional-full.csv.gz', async path => {
  await expect(previewFile(path)).rejects.toThrow(
    /was read \(21 columns: .* but these are none of order_lines/,
  );
});

onData('columns of fixed width are recognised as such', 'transactions/CDNOW_sample.txt', async path => {
  await expect(previewFile(path)).rejects.toThrow('CDNOW_sample.txt holds 5 columns of fixed width');
});
