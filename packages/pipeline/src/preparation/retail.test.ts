import { SteppedClock, type PreparationReport } from '@bellwether/contracts';
import type { Records } from '@bellwether/records';
import { freshRecords, freshWarehouse, publicData } from '@bellwether/testing';
import { sqlBeside, statementsOf, type Warehouse } from '@bellwether/warehouse';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { prepare } from './prepare.ts';

const ORACLE = sqlBeside(import.meta.url, 'retail-oracle.sql');
const FILE = publicData('transactions/online_retail_to_2011-08.csv.gz');

let warehouse: Warehouse;
let records: Records;

beforeEach(async () => {
  warehouse = await freshWarehouse();
  records = await freshRecords();
});
afterEach(async () => {
  await warehouse.close();
  await records.destroy();
});

test.skipIf(FILE === undefined)(
  "the retail file's figures are those of an independent computation (skipped without the public file)",
  async () => {
    const file = createReadStream(FILE ?? '').pipe(createGunzip());
    const figures = await preparedAndOracle(file);
    expect(figures.prepared).toEqual(figures.oracle);
    expect(figures.prepared['lines_in']).toBe(320_705);
    process.stdout.write(`retail file, prepared = oracle: ${JSON.stringify(figures.prepared)}\n`);
  },
);

test('a made file as dirty as the retail file has the figures of the independent computation', async () => {
  const figures = await preparedAndOracle(Readable.from(dirtyFile(4000)));
  expect(figures.prepared).toEqual(figures.oracle);
  const never = Object.entries(figures.prepared).filter(([, count]) => count === 0);
  expect(never, 'every figure is put to the proof').toEqual([]);
});

/** Loads a file in the retail file's columns, prepares it, and asks both computations for the same figures. */
async function preparedAndOracle(
  csv: Readable,
): Promise<{ prepared: Record<string, number>; oracle: Record<string, number> }> {
  await load(csv);
  const clock = new SteppedClock(Date.UTC(2026, 0, 1));
  const report = await prepare({ warehouse, records, clock });
  const oracle = await oracleFigures();
  const named = figuresOf(report);
  return {
    prepared: Object.fromEntries(Object.keys(oracle).map(figure => [figure, named[figure] ?? 0])),
    oracle,
  };
}

async function oracleFigures(): Promise<Record<string, number>> {
  const statements = statementsOf(ORACLE);
  for (const statement of statements.slice(0, -1)) await warehouse.command(statement);
  const rows = await warehouse.query<{ figure: string; value: number }>(statements.at(-1) ?? '');
  return Object.fromEntries(rows.map(({ figure, value }) => [figure, pennies(value)]));
}

async function load(csv: Readable): Promise<void> {
  const columns =
    'InvoiceNo String, StockCode String, Description String, Quantity Float64, InvoiceDate DateTime, UnitPrice Float64, CustomerID String, Country String';
  await warehouse.command(`CREATE TABLE retail_file (${columns}) ENGINE = MergeTree ORDER BY InvoiceDate`);
  await warehouse.insertBytes('INSERT INTO retail_file FORMAT CSVWithNames', csv, { token: 'retail' });
  await warehouse.command(`CREATE TABLE retail (n UInt64, ${columns}) ENGINE = MergeTree ORDER BY n`);
  await warehouse.command(
    "INSERT INTO retail SELECT rowNumberInAllBlocks(), * REPLACE (replaceOne(CustomerID, '.0', '') AS CustomerID) FROM retail_file",
  );
  await warehouse.command(`
    INSERT INTO order_lines (line_key, order_id, customer_id, product_id, description, quantity, unit_price, country, at, received_at, source, line)
    SELECT toString(n), InvoiceNo, CustomerID, StockCode, Description, Quantity, UnitPrice, Country, InvoiceDate, InvoiceDate, 'file', n FROM retail`);
}

function figuresOf(report: PreparationReport): Record<string, number> {
  const { lines_in, lines_out, orders_out, customers_out, revenue_out } = report;
  const steps = report.steps.map(({ step, dropped, kept }) => [step, dropped + kept] as const);
  return {
    lines_in,
    lines_out,
    orders_out,
    customers_out,
    revenue_out: pennies(revenue_out),
    ...Object.fromEntries(steps),
  };
}

/** Sums of floats differ in the last digits with the order of summing. */
const pennies = (value: number): number => Math.round(value * 100) / 100;

/** A year of a shop with every kind of dirt, the same at every run. */
function* dirtyFile(lines: number): Generator<string> {
  const next = seeded(7);
  const pick = <T>(...of: readonly T[]): T => of[Math.floor(next() * of.length)];
  yield 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n';
  for (let line = 0; line < lines; line++) {
    const cancelled = next() < 0.15;
    const order = Math.floor(next() * (lines / 4));
    const day = String(1 + (order % 28)).padStart(2, '0');
    const customer = order % 5 === 0 ? '' : String(100 + (order % 40));
    const product =
      next() < 0.06 ? pick('POST', 'D', 'gift_0001_20', 'TEST001', 'm') : `2${pick(1, 2, 3, 4)}`;
    const quantity = next() < 0.02 ? 0 : pick(1, 2, 3, 6) * (cancelled || next() < 0.05 ? -1 : 1);
    const price = pick(1.25, 1.25, 2.5, 2.5, 2.5, 4.15, next() < 0.2 ? 0 : 1.25, next() < 0.2 ? -3 : 1.25);
    const row = `${cancelled ? 'C' : ''}${5000 + order},${product},"A, thing",${quantity},2025-03-${day} 10:0${order % 10}:00,${price},${customer},France\n`;
    yield row;
    if (next() < 0.05) yield row;
  }
}

/** A small generator of numbers in [0, 1) (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
