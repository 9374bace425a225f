import { closeStores, freshStores } from '@bellwether/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isoMoment } from './sql.ts';
import { prepare } from './prepare.ts';
import { NOW, tell, type ToldLine } from './told.ts';

/** What a plain reading of the rules says of one line: no SQL, every line against every other. */
interface Verdict {
  reason: string;
  kind: 'sale' | 'return';
  returns_line: string;
  customer_id: string;
  known: boolean;
  amount: number;
}

const RATES: Record<string, number> = { GBP: 1, USD: 0.8 };
const NOT_PRODUCTS = ['POST', 'M'];

let stores: Awaited<ReturnType<typeof freshStores>>;
beforeAll(async () => {
  stores = await freshStores(NOW);
});
afterAll(() => closeStores(stores));

const from = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const dirtyLine = fc.record({
  order_id: from('A1', 'A2', 'A3', 'A4', 'C1', 'C2', ''),
  product_id: from('p1', 'p1', 'p2', 'post', 'TEST01', 'gift_1_5', ''),
  quantity: from(1, 2, 2, 5, -1, -2, 0),
  unit_price: from(2.5, 2.5, 2.5, 4, 0, -1),
  customer_id: from('ann', 'ann', 'bob', ''),
  anonymous_id: from('', '', 'v1'),
  email: from('', '', ' Eve@Shop.com', 'no address'),
  phone: from('', '13800138000'),
  currency: from('GBP', 'GBP', 'gbp ', 'USD', 'XYZ', ''),
  hour: fc.integer({ min: 0, max: 5 }),
  future: from(false, false, false, false, true),
});

const lines: fc.Arbitrary<ToldLine[]> = fc
  .array(dirtyLine, { minLength: 0, maxLength: 200, size: 'max' })
  .map(rows =>
    rows.map(({ hour, future, ...row }, n) => ({
      ...row,
      line_key: `k${String(n).padStart(3, '0')}`,
      line: n,
      at: new Date(future ? NOW + 90_000_000 : NOW - 86_400_000 + hour * 3_600_000).toISOString(),
    })),
  );

test('every line gets the verdict of a plain reading of the rules, and the report adds up', async () => {
  await fc.assert(
    fc.asyncProperty(lines, async told => {
      await stores.warehouse.command('TRUNCATE TABLE order_lines');
      await tell(stores, { lines: told });
      const report = await prepare(stores, {}, { rates: RATES, notProducts: NOT_PRODUCTS });
      const rows = await stores.warehouse.query<Verdict & { line_key: string }>(
        'SELECT line_key, reason, kind, returns_line, customer_id, known, round(amount, 6) + 0 AS amount FROM prepared_order_lines ORDER BY line_key',
      );
      const judged = Object.fromEntries(rows.map(({ line_key, ...verdict }) => [line_key, verdict]));
      expect(judged).toEqual(plainReading(told));
      const dropped = report.steps.reduce((sum, step) => sum + step.dropped, 0);
      expect(report.lines_in).toBe(told.length);
      expect(report.lines_out + dropped).toBe(report.lines_in);
      expect(report.lines_out).toBe(rows.filter(row => row.reason === '').length);
      const counted = told.filter(line => judged[line.line_key]?.reason === '').map(line => line.at);
      expect(report.first_at).toBe(counted.length === 0 ? null : isoMoment(counted.sort()[0] ?? null));
    }),
    { numRuns: 4 },
  );
});

function plainReading(told: readonly ToldLine[]): Record<string, Verdict> {
  const isReturn = cancels(told);
  const shop = shopCurrency(told);
  const ordered = told.toSorted((a, b) => a.at.localeCompare(b.at) || (a.line ?? 0) - (b.line ?? 0));
  const verdicts: Record<string, Verdict> = {};
  for (const line of ordered) {
    const factor = factorOf((line.currency ?? '').trim().toUpperCase(), shop);
    const owner = ownerOf(line);
    const units = isReturn(line) ? -Math.abs(line.quantity) : line.quantity;
    verdicts[line.line_key] = {
      reason: reasonOf(line, ordered, factor),
      kind: isReturn(line) ? 'return' : 'sale',
      returns_line: '',
      customer_id: owner,
      known: !owner.startsWith('basket:') && !owner.startsWith('anon:'),
      amount: Math.round(units * line.unit_price * factor * 1e6) / 1e6 + 0,
    };
  }
  takeBack(told, verdicts);
  return verdicts;
}

function cancels(told: readonly ToldLine[]): (line: ToldLine) => boolean {
  const sold = told.filter(line => line.quantity > 0);
  const looksCancelled = (line: ToldLine): boolean => /^C[0-9]/.test(line.order_id);
  const meansCancelled = sold.filter(looksCancelled).length < sold.length / 2;
  return line => line.quantity < 0 || (meansCancelled && looksCancelled(line));
}

function shopCurrency(told: readonly ToldLine[]): string {
  const codes = told.map(line => (line.currency ?? '').trim().toUpperCase()).filter(code => code !== '');
  const lines = (code: string): number => codes.filter(other => other === code).length;
  return [...new Set(codes)].sort((a, b) => lines(b) - lines(a) || (a < b ? -1 : 1))[0] ?? '';
}

function factorOf(code: string, shop: string): number {
  if (code === '' || code === shop) return 1;
  const [rate, own] = [RATES[code], RATES[shop]];
  return rate === undefined || own === undefined ? 0 : rate / own;
}

function ownerOf(line: ToldLine): string {
  if (line.customer_id) return line.customer_id;
  if (line.email?.includes('@')) return 'email:eve@shop.com';
  if (line.phone) return 'phone:+8613800138000';
  return line.anonymous_id ? `anon:${line.anonymous_id}` : `basket:${line.order_id}`;
}

const identityOf = (line: ToldLine): string => {
  const owner = ownerOf(line);
  return [line.order_id, line.product_id, line.quantity, line.unit_price, line.at, owner].join('|');
};

function reasonOf(line: ToldLine, ordered: readonly ToldLine[], factor: number): string {
  const code = line.product_id.toUpperCase();
  if (line.order_id === '') return 'no_order';
  if (Date.parse(line.at) > NOW + 86_400_000) return 'future_date';
  if (ordered.find(other => identityOf(other) === identityOf(line)) !== line) return 'duplicate';
  if (NOT_PRODUCTS.includes(code) || code === 'TEST01' || code === 'GIFT_1_5') return 'not_a_product';
  if (line.quantity === 0) return 'zero_quantity';
  if (line.unit_price === 0) return 'zero_price';
  if (line.unit_price < 0) return 'negative_price';
  return factor === 0 ? 'unknown_currency' : '';
}

/** Returns in order of time take the latest sale before them that still has the units. */
function takeBack(told: readonly ToldLine[], verdicts: Record<string, Verdict>): void {
  const left = new Map(told.map(line => [line.line_key, line.quantity]));
  const inTime = told
    .filter(line => verdicts[line.line_key]?.reason === '')
    .toSorted(
      (a, b) =>
        a.at.localeCompare(b.at) ||
        a.order_id.localeCompare(b.order_id) ||
        a.line_key.localeCompare(b.line_key),
    );
  const kindOf = (line: ToldLine): string => verdicts[line.line_key]?.kind ?? '';
  for (const back of inTime.filter(line => kindOf(line) === 'return')) {
    const units = Math.abs(back.quantity);
    const sale = inTime.findLast(
      line =>
        kindOf(line) === 'sale' &&
        line.at <= back.at &&
        ownerOf(line) === ownerOf(back) &&
        line.product_id === back.product_id &&
        line.unit_price === back.unit_price &&
        line.currency?.trim().toUpperCase() === back.currency?.trim().toUpperCase() &&
        (left.get(line.line_key) ?? 0) >= units,
    );
    const verdict = verdicts[back.line_key];
    if (verdict === undefined) continue;
    if (sale === undefined) verdict.reason = 'unmatched_return';
    else {
      verdict.returns_line = sale.line_key;
      left.set(sale.line_key, (left.get(sale.line_key) ?? 0) - units);
    }
  }
}
