import { LifecycleCard, SteppedClock } from '@bellwether/contracts';
import { freshRecords, freshWarehouse, publicData } from '@bellwether/testing';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { customerLifecycle } from './index.ts';

const FILE = 'transactions/CDNOW_sample.txt';
const path = publicData(FILE);

/** Published fits to the 39 weeks to the end of September 1997 (2,357 customers): CLVTools, lifetimes. */
const PUBLISHED: Record<string, readonly number[]> = {
  bgNbd: [0.2426, 4.4136, 0.7929, 2.4259],
  mbgNbd: [0.525, 6.183, 0.891, 1.614],
};

test.skipIf(path === undefined)(
  `finds the published parameters of CDNOW to 1 %${path ? '' : ` (skipped: no ${FILE} here)`}`,
  async () => {
    const [warehouse, records] = await Promise.all([freshWarehouse(), freshRecords()]);
    await warehouse.insert('prepared_order_lines', linesOf(path ?? ''), { token: 'cdnow' });
    const stores = { warehouse, records, clock: new SteppedClock(Date.UTC(2026, 0, 1)) };
    const version = await customerLifecycle.train(stores, { seed: 1, until: Date.UTC(1997, 9, 1) });
    const card = LifecycleCard.parse(version.card);
    for (const [method, published] of Object.entries(PUBLISHED)) {
      const found = card.purchases.find(fit => fit.method === method)?.parameters ?? [];
      published.forEach((value, j) => expect(Math.abs(found[j].value / value - 1)).toBeLessThan(0.01));
    }
    const likelihood = card.purchases.find(({ method }) => method === 'bgNbd')?.log_likelihood ?? 0;
    expect(Math.abs(likelihood + 9582.43)).toBeLessThan(0.05);
    expect(card.spend?.customers).toBe(946);
    [6.25, 3.74, 15.45].forEach((value, j) =>
      expect(Math.abs((card.spend?.parameters[j].value ?? 0) / value - 1)).toBeLessThan(0.01),
    );
    expect(card.beats_baseline).toBe(true);
    await Promise.all([warehouse.close(), records.destroy()]);
  },
);

/** Every line of the file, those of no value too, as the fits took them. */
function linesOf(file: string): object[] {
  return readFileSync(file, 'latin1')
    .trim()
    .split(/\r?\n/)
    .map((line, n) => {
      const [, customer_id = '', day = '', , value] = line.trim().split(/\s+/);
      const at = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)} 00:00:00.000`;
      return {
        ...{ line_key: `${n}`, order_id: `${n}`, customer_id, known: true, product_id: 'cd', quantity: 1 },
        ...{ unit_price: Number(value), amount: Number(value), currency: 'USD', country: '', at },
        ...{ received_at: at, kind: 'sale', reason: '' },
      };
    });
}
