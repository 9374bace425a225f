import { publicData } from '@bellwether/testing';
import { expect, test } from 'vitest';
import { freshStores, importFile, plannedImport } from './fixtures/stores.ts';
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

onData('a web log becomes events', 'weblogs/apache_access_17-18_may.log.gz', async path => {
  const stores = await freshStores();
  const done = await importFile(stores, path);
  console.info(
    await stores.warehouse.query(
      'SELECT bot, count(), uniq(session_id), uniq(anonymous_id) FROM events GROUP BY bot',
    ),
  );
  expect(done).toMatchObject({ state: 'done', rows_read: 4525 });
});

onData('a catalogue becomes products', 'products/flipkart_1050.csv.gz', async path => {
  const stores = await freshStores();
  const done = await importFile(stores, path);
  expect(done).toMatchObject({ state: 'done', rows_read: 1050, rows_loaded: 1050 });
});

onData('ad figures without a day say what is missing', 'ads/KAG_conversion_data.csv', async path => {
  const preview = await previewFile(path);
  expect(preview).toMatchObject({ kind: 'ad_performance', missing: ['day', 'campaign'] });
  const stores = await freshStores();
  await expect(plannedImport(stores, path)).rejects.toMatchObject({ code: 'import.column_missing' });
});
