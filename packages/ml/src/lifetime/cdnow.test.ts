import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { distance } from '../oracle.testing.ts';
import type { Table } from '../table.ts';
import { gammaGamma } from './gamma-gamma.ts';
import { asTable } from './oracle.testing.ts';
import { bgNbd, mbgNbd, paretoNbd, type PurchaseModel } from './purchases.ts';

// Published fits to the CDNOW sample (2,357 customers, 39 weeks), which may not be handed on: the simulated customers
// of the other tests prove the same where it is absent.
const folder = new URL('../../../../../shared/data/transactions/', import.meta.url);
const summary = new URL('cdnow_customers_summary.csv', folder);
const purchases = new URL('CDNOW_sample.txt', folder);
const reason =
  existsSync(summary) && existsSync(purchases) ? '' : ' (skipped: the CDNOW sample is not on this machine)';

describe.skipIf(reason !== '')(`CDNOW${reason}`, () => {
  const valuesOf = (model: Pick<PurchaseModel, 'parameters'>): number[] => model.parameters.map(p => p.value);

  test.each([
    ['bg-nbd', bgNbd, [0.2426, 4.4136, 0.7929, 2.4259], -9582.43],
    ['mbg-nbd', mbgNbd, [0.525, 6.183, 0.891, 1.614], undefined],
    ['pareto-nbd', paretoNbd, [0.553, 10.578, 0.606, 11.669], -9594.98],
  ] as const)('%s gives the published parameters', async (_, method, published, top) => {
    const model = await method().fit(histories());
    valuesOf(model).forEach((value, j) => expect(Math.abs(value / published[j] - 1)).toBeLessThan(0.001));
    if (top !== undefined) expect(Math.abs(model.logLikelihood - top)).toBeLessThan(0.02);
  });

  test('bg-nbd expects of new customers what lifetimes does', async () => {
    const model = await bgNbd().fit(histories());
    const expected = [0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576];
    const found = [0.1429, 1, 3, 31.8571, 32, 78].map(model.expectedOfNew);
    expect(distance(found, expected)).toBeLessThan(5e-4);
  });

  test('gamma-gamma gives the published parameters for the 946 who bought again', async () => {
    const spend = amounts();
    expect(spend.columns[0].filter(x => x > 0).length).toBe(946);
    const model = await gammaGamma().fit(spend);
    valuesOf(model).forEach((value, j) =>
      expect(Math.abs(value / [6.25, 3.74, 15.45][j] - 1)).toBeLessThan(0.002),
    );
    expect(Math.abs(model.logLikelihood + 4055.92)).toBeLessThan(0.02);
  });
});

function histories(): Table {
  const lines = readFileSync(summary, 'utf8').trim().split(/\r?\n/).slice(1);
  const rows = lines.map(line => line.split(',').map(Number));
  const column = (at: number): number[] => rows.map(row => row[at]);
  return asTable({ frequency: column(1), recency: column(2), age: column(3) });
}

/** Repeat purchases by day in the first 39 weeks, and their mean amount. */
function amounts(): Table {
  const byDay = new Map<string, Map<string, number>>();
  for (const line of readFileSync(purchases, 'utf8').trim().split(/\r?\n/)) {
    const [, customer = '', day = '', , value] = line.trim().split(/\s+/);
    const days = byDay.get(customer) ?? new Map<string, number>();
    byDay.set(customer, days);
    if (day <= '19970930') days.set(day, (days.get(day) ?? 0) + Number(value));
  }
  const repeats = [...byDay.values()].map(days => [...days.values()].slice(1).filter(value => value > 0));
  return asTable({
    frequency: repeats.map(values => values.length),
    monetary: repeats.map(values => values.reduce((sum, v) => sum + v, 0) / (values.length || 1)),
  });
}
