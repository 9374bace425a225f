import { SteppedClock } from '@bellwether/contracts';
import { prepare } from '@bellwether/pipeline';
import { sqlBeside } from '@bellwether/warehouse';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent, interleaved } from './lib/measure.ts';
import { withStores, type BenchStores } from './lib/stores.ts';

const MADE_LINES = sqlBeside(import.meta.url, 'preparation.sql');
const SIZES = [32_000, 320_000, 3_200_000];
const ROUNDS = 3;

/** The trusted tables from raw order lines; the peer only copies the same rows inside the same ClickHouse. */
export const bench: Bench = {
  title: 'Preparation of order lines, beside a plain copy of the same rows by ClickHouse',
  run: report => withStores(stores => growth(stores, report)),
};

async function growth(stores: BenchStores, report: Report): Promise<void> {
  const points: [lines: number, seconds: number][] = [];
  for (const lines of SIZES) points.push([lines, await measure(stores, lines, report)]);
  report({ work: 'growth from 1x to 100x the lines', ours: growthExponent(points), unit: 'exponent' });
}

async function measure({ warehouse, records }: BenchStores, lines: number, report: Report): Promise<number> {
  await warehouse.command('TRUNCATE TABLE order_lines');
  await warehouse.command(MADE_LINES, { lines });
  const clock = new SteppedClock(Date.UTC(2026, 0, 1));
  let quality = '';
  const { ours, peer } = await interleaved(ROUNDS, {
    ours: async () => {
      const { lines_in, lines_out } = await prepare({ warehouse, records, clock });
      quality = `${lines_in} lines in, ${lines_out} out`;
    },
    peer: async () => {
      await warehouse.command('CREATE TABLE copy AS order_lines');
      await warehouse.command('INSERT INTO copy SELECT * FROM order_lines');
      await warehouse.command('DROP TABLE copy');
    },
  });
  report({ work: `prepare ${lines} lines`, ours, peer, unit: 's', quality });
  return ours;
}
