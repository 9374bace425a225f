import { DAY, SteppedClock } from '@bellwether/contracts';
import { openCollection, prepare, type Stores } from '@bellwether/pipeline';
import { batchesOf, type Market } from '@bellwether/simulator';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshRecords, freshWarehouse } from './stores.ts';

/** Stores that hold these days of a market, collected day by day as from a shop's pages, and prepared. */
export async function storesOfMarket(market: Market, days: number): Promise<Stores> {
  const [warehouse, records] = await Promise.all([freshWarehouse(), freshRecords()]);
  const clock = new SteppedClock(market.midnight);
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-market-'));
  const collection = await openCollection({ folder, warehouse, clock });
  for (let day = 0; day < days; day++) {
    const events = market.nextDay();
    clock.advance(DAY);
    for (const batch of batchesOf(events)) await collection.receive('batch', Buffer.from(batch), 'shop');
  }
  await collection.drained();
  await collection.close();
  rmSync(folder, { recursive: true });
  const stores = { warehouse, records, clock };
  await prepare(stores);
  return stores;
}

/** Who buys in the days to come, by the market's truth. */
export function buyersOf(market: Market, days: number): Set<string> {
  const events = Array.from({ length: days }, () => market.nextDay()).flat();
  const orders = events.filter(event => event.type === 'track' && event.event === 'Order Completed');
  return new Set(orders.map(order => order.userId ?? ''));
}
