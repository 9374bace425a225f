import type { PreparationReport, Work } from '@bellwether/contracts';
import { holdBack } from '@bellwether/privacy';
import { clickhouseTime, type Warehouse } from '@bellwether/warehouse';
import type { Stores } from '../stores.ts';
import { buildIdentity } from './identity/identity.ts';
import { countedSteps } from './steps.ts';
import { alone, dropScratch, exchange, next, openScratch } from './scratch.ts';
import { learnShop, type ShopSettings } from './shop.ts';
import { buildCustomers, buildLines, countSetAside, countLines, matchLines, type Build } from './tables.ts';

/**
 * Rebuilds the trusted tables (`identity`, `prepared_order_lines`, `customers`) from everything that was told, and puts
 * them in place of the old ones when all are whole. Readers never wait and never see half; a crash at any instant
 * leaves what was there. Two callers run one after the other.
 *
 * @param settings what the shop says of itself, where it should not be learned from the data
 * @returns the report, which is also kept: `lines_in = lines_out +` what the steps dropped
 * @throws AppError `preparation.unknown_timezone`, `preparation.bad_rate`, or the warehouse's
 * @example
 * const report = await prepare(stores, { onProgress: draw }, { timezone: 'Europe/London' });
 */
export async function prepare(
  stores: Stores,
  work: Work = {},
  settings: ShopSettings = {},
): Promise<PreparationReport> {
  return alone(stores.records, async () => {
    await holdBack(stores);
    await openScratch(stores.warehouse);
    try {
      return await rebuild(stores, work, settings);
    } finally {
      await dropScratch(stores.warehouse);
    }
  });
}

/** The report of the last preparation that finished. */
export async function lastPreparation(warehouse: Warehouse): Promise<PreparationReport | null> {
  const [row] = await warehouse.query<{ report: string }>(
    'SELECT report FROM preparation_runs ORDER BY at DESC LIMIT 1',
  );
  // written by `prepare` below and by nothing else
  return row === undefined ? null : (JSON.parse(row.report) as PreparationReport);
}

async function rebuild(stores: Stores, work: Work, settings: ShopSettings): Promise<PreparationReport> {
  const { warehouse, records, clock } = stores;
  const now = clock.now();
  const step = stepper(work);
  step('prepare.learn');
  const shop = await learnShop(warehouse, settings);
  const build: Build = {
    warehouse,
    shop,
    now,
    ...(work.signal === undefined ? {} : { signal: work.signal }),
  };
  step('prepare.identity');
  await buildIdentity(build, records);
  step('prepare.returns');
  await matchLines(build);
  step('prepare.lines');
  await buildLines(build);
  step('prepare.customers');
  await buildCustomers(build);
  step('prepare.exchange');
  const lines = await countLines(warehouse, next('prepared_order_lines'));
  const counts = new Map([...lines.counts, ...(await countSetAside(warehouse))]);
  const { counts: _, ...figures } = lines;
  const report = {
    at: new Date(now).toISOString(),
    ...figures,
    currency: shop.currency,
    timezone: shop.timezone,
    steps: countedSteps(counts),
  };
  await exchange(warehouse);
  await keepReport(warehouse, report);
  return report;
}

const STEPS = 6;

/** Tells of each step as it begins, and stops between two when asked to. */
function stepper(work: Work): (step: string) => void {
  let done = 0;
  return step => {
    work.signal?.throwIfAborted();
    work.onProgress?.({ done: done++, total: STEPS, unit: 'steps', step });
  };
}

async function keepReport(warehouse: Warehouse, report: PreparationReport): Promise<void> {
  const row = { at: clickhouseTime(Date.parse(report.at)), report: JSON.stringify(report) };
  await warehouse.insert('preparation_runs', [row], { token: `preparation:${report.at}` });
}
