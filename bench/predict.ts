import { HOUR, SteppedClock } from '@bellwether/contracts';
import { defineClassifier, featuresInBatches, type Stores } from '@bellwether/pipeline';
import { purchasePrediction } from '@bellwether/scenarios';
import { readSettings, startServer } from '@bellwether/server';
import { sqlBeside } from '@bellwether/warehouse';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent, seconds } from './lib/measure.ts';
import { NOT_AVAILABLE, withPeer } from './lib/peer.ts';
import type { LoadPlan, LoadResult } from './predict/load.ts';

const CUSTOMERS = sqlBeside(import.meta.url, 'scenarios.sql');
const CHANGED = sqlBeside(import.meta.url, 'scenarios-changed.sql');
const NOW = Date.UTC(2026, 0, 1);
const SIZES = (process.env['BENCH_CUSTOMERS'] ?? '10000,100000').split(',').map(Number);
const CONCURRENCIES = [1, 8, 32];
const REQUESTS = Number(process.env['BENCH_REQUESTS'] ?? 4_000);
/** The heaviest family to ask one row of; the others cost less. */
const scenario = defineClassifier({ ...purchasePrediction, families: ['boosting'], rivals: [] });

/** One customer at a time over HTTP, by a real server under load, beside a Python server with a LightGBM model of the same size. */
export const bench: Bench = {
  title:
    'predict: one stored customer over HTTP, p50 and p99 at several concurrencies, with and without reasons',
  async run(report) {
    const all: [size: number, p50: number][] = [];
    for (const size of SIZES) all.push([size, await ofSize(size, report)]);
    if (all.length > 1)
      report({ work: 'growth of p50 at 8 at once', ours: growthExponent(all), unit: 'exponent' });
  },
};

async function ofSize(customers: number, report: Report): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-bench-'));
  const options = { port: 0, data: join(folder, 'data'), logLevel: 'error', callsPerMinute: 100_000_000 };
  const { settings } = readSettings({ options });
  const clock = new SteppedClock(NOW);
  const server = await startServer(settings, { clock, worker: false });
  try {
    const { stores, secrets } = server.installation;
    await stores.warehouse.command(CUSTOMERS, { customers });
    await scenario.train(stores, { seed: 1 });
    await scenario.apply(stores);
    await telling(stores, clock, customers, report);
    return await answering(stores, { url: server.url, key: secrets.admin_key }, customers, report);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a run over who changed costs beside one over everybody. */
async function telling(
  stores: Stores,
  clock: SteppedClock,
  customers: number,
  report: Report,
): Promise<void> {
  let told = 0;
  const whole = await seconds(async () => void (await scenario.apply(stores)));
  await stores.warehouse.command(CHANGED, { customers });
  clock.advance(12 * HOUR);
  const changed = await seconds(async () => {
    told = (await scenario.apply(stores, { changed: true })).scored;
  });
  const quality = `${told} changed; everybody took ${whole.toFixed(2)} s`;
  report({ work: `telling of 1 % changed, of ${customers}`, ours: changed, unit: 's', quality });
}

async function answering(
  stores: Stores,
  { url, key }: { url: string; key: string },
  customers: number,
  report: Report,
): Promise<number> {
  const load = fork(new URL('predict/load.ts', import.meta.url));
  let middle = NaN;
  try {
    const ids = Array.from({ length: 5_000 }, (_, i) => `c${(i * 7919) % customers}`);
    const asked = (reasons: boolean): string[] =>
      ids.map(customer_id => JSON.stringify({ customer_id, reasons }));
    const plan = { url: `${url}/v1/predict/${scenario.name}`, key, requests: REQUESTS };
    await ask(load, { ...plan, bodies: asked(false), concurrency: 8 });
    await withTwin(stores, customers, async twin => {
      for (const concurrency of CONCURRENCIES) {
        const ours = await ask(load, { ...plan, bodies: asked(false), concurrency });
        const why = await ask(load, { ...plan, bodies: asked(true), concurrency });
        const theirs =
          twin === undefined
            ? undefined
            : await ask(load, { ...plan, url: twin, bodies: asked(false), concurrency });
        if (concurrency === 8) middle = ours.p50;
        tell(report, `${customers} customers, ${concurrency} at once`, ours, why, theirs);
      }
    });
  } finally {
    load.kill();
  }
  return middle;
}

function tell(
  report: Report,
  work: string,
  ours: LoadResult,
  why: LoadResult,
  theirs: LoadResult | undefined,
): void {
  const line = (name: 'p50' | 'p99'): void => {
    const quality = `with reasons ${why[name].toFixed(1)} ms; ${Math.round(ours.rate)}/s${theirs ? ` against ${Math.round(theirs.rate)}/s` : ''}; ${ours.failed + why.failed} failed`;
    report({
      work: `${work}: ${name}`,
      ours: ours[name],
      ...(theirs && { peer: theirs[name] }),
      unit: 'ms',
      quality,
    });
  };
  line('p50');
  line('p99');
}

async function ask(load: ChildProcess, plan: LoadPlan): Promise<LoadResult> {
  load.send(plan);
  const [result] = (await once(load, 'message')) as [LoadResult]; // what predict/load.ts sends
  return result;
}

/** A Python server that holds the same features of the same customers in memory; nothing where Python has no LightGBM. */
async function withTwin(
  stores: Stores,
  customers: number,
  use: (url: string | undefined) => Promise<void>,
): Promise<void> {
  const width = scenario.features.length;
  const values = new Float32Array(customers * width).fill(NaN);
  for await (const { ids, table } of featuresInBatches(stores.warehouse, scenario, NOW))
    ids.forEach((id, row) => {
      const at = Number(id.slice(1)) * width;
      table.columns.forEach((column, j) => (values[at + j] = column[row] ?? NaN));
    });
  await withPeer(
    'predict',
    { arrays: { x: { values, shape: [customers, width] } }, threads: 1 },
    async peer => {
      const run = await peer.run();
      await use(run === NOT_AVAILABLE ? undefined : `http://127.0.0.1:${run['port']}/`);
    },
  );
}
