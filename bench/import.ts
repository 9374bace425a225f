import { systemClock } from '@bellwether/contracts';
import { createImport, previewFile, runImport } from '@bellwether/pipeline';
import { publicData } from '@bellwether/testing';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent, seconds } from './lib/measure.ts';
import { withStores, type BenchStores } from './lib/stores.ts';

const LINES = 32_000;
const SIZES = [1, 10, 100] as const;
const RETAIL = 'transactions/online_retail_to_2011-08.csv.gz';

/** ClickHouse reads the same file in a process of its own, every column as it lies, and says how long that took. */
const PEER = `
  const { query } = require('chdb');
  const sql = "SELECT count(), sum(Quantity), sum(UnitPrice), max(InvoiceDate), sum(length(Description)), uniqExact(InvoiceNo), uniqExact(StockCode), uniqExact(CustomerID), uniqExact(Country) FROM file('" + process.argv[1] + "', 'CSVWithNames', 'InvoiceNo String, StockCode String, Description String, Quantity Float64, InvoiceDate DateTime, UnitPrice Float64, CustomerID String, Country String')";
  query('SELECT 1', 'TSV');
  const started = process.hrtime.bigint();
  const rows = query(sql, 'TSV').split('\\t')[0];
  console.log(rows, Number(process.hrtime.bigint() - started) / 1e9);`;

export const bench: Bench = {
  title:
    'a shop’s export: import (recognise, check, key, publish durably) beside ClickHouse’s own read of the file',
  run: report =>
    withStores(async stores => {
      const points: [number, number][] = [];
      for (const size of SIZES) {
        const path = join(stores.folder, `orders-${size}.csv`);
        await writeOrders(path, size * LINES, size);
        points.push([size * LINES, await compare(report, stores, path, `${size * LINES} made lines`)]);
      }
      const exponent = Number(growthExponent(points).toFixed(3));
      report({ work: `growth from ${LINES} to ${LINES * 100} lines`, ours: exponent, unit: 'exponent' });
      const retail = publicData(RETAIL);
      if (retail !== undefined) await compare(report, stores, retail, 'the retail file, gzipped');
    }),
};

async function compare(report: Report, stores: BenchStores, path: string, work: string): Promise<number> {
  let rows = 0;
  const ours = await seconds(async () => (rows = await importWhole(stores, path)));
  const [read, peer] = execFileSync(process.execPath, ['-e', PEER, path], { encoding: 'utf8' })
    .split(' ')
    .map(Number);
  const quality =
    read === rows ? `same ${rows} rows, ${ours.toFixed(2)} s` : `${rows} rows where ClickHouse reads ${read}`;
  report({
    work,
    ours: Math.round(rows / ours),
    peer: Math.round((read ?? NaN) / (peer ?? NaN)),
    unit: 'rows/s',
    quality,
  });
  return ours;
}

async function importWhole({ warehouse, records }: BenchStores, path: string): Promise<number> {
  const stores = { warehouse, records, clock: systemClock };
  const { kind, mapping, file_name: fileName } = await previewFile(path);
  const { id } = await createImport(stores, { path, fileName, kind, mapping });
  const done = await runImport(stores, id);
  return done.rows_loaded + done.rows_refused;
}

/** Order lines in the style of the retail file: invoices of about 20 lines, returns, lines without a customer. */
async function writeOrders(path: string, lines: number, seed: number): Promise<void> {
  const file = createWriteStream(path);
  file.write('InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n');
  for (let line = 0; line < lines; line += 1000) {
    const text = Array.from({ length: Math.min(1000, lines - line) }, (_, n) =>
      orderLine(line + n, seed),
    ).join('');
    if (!file.write(text)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

const START = Date.UTC(2024, 0, 1);

function orderLine(line: number, seed: number): string {
  const invoice = Math.floor(line / 20);
  const mixed = (line * 2_654_435_761 + seed) % 4_294_967_296;
  const product = mixed % 3500;
  const at = new Date(START + invoice * 613_000).toISOString().slice(0, 19).replace('T', ' ');
  const returned = invoice % 50 === 0;
  const customer = invoice % 4 === 0 ? '' : `${12_000 + ((invoice * 7919 + seed) % 4300)}.0`;
  const quantity = (returned ? -1 : 1) * (1 + (mixed % 24));
  return `${returned ? 'C' : ''}${seed}${500_000 + invoice},${20_000 + product},"GLASS JAR, SIZE ${product} WITH LID",${quantity},${at},${((mixed % 1200) / 100 + 0.1).toFixed(2)},${customer},United Kingdom\n`;
}
