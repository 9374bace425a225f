import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Sending, Sent } from './ingest/client.ts';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent, seconds } from './lib/measure.ts';
import { withStores, type BenchStores } from './lib/stores.ts';

/** Events taken over HTTP and safe on the disk when the answer comes, beside the same server that awaits an insert. */
export const bench: Bench = {
  title:
    'ingest: events/s with durable acknowledgement; peer: the same HTTP server that awaits the warehouse insert',
  run: report =>
    withStores(async stores => {
      for (const batch of [1, 20, 100]) await compare(stores, batch, report);
      await growth(stores, report);
    }),
};

const SECONDS = 5;
const CONNECTIONS = 64;

async function compare(stores: BenchStores, batch: number, report: Report): Promise<void> {
  const ours = await rate(stores, 'journal', batch);
  const peer = await rate(stores, 'insert', batch);
  if (batch === 100)
    report({
      work: 'CPU of the server (not of the warehouse), batches of 100',
      ours: ours.cpu,
      peer: peer.cpu,
      unit: 'us/event',
      quality:
        'ours until stored, reading the journal included; tells more than the rate on a shared machine',
    });
  report({
    work: `acknowledged, batches of ${batch}, ${CONNECTIONS} connections`,
    ours: ours.acknowledged / ours.seconds,
    peer: peer.acknowledged / peer.seconds,
    unit: 'events/s',
    quality: `p50 ${ours.p50.toFixed(1)} ms, p99 ${ours.p99.toFixed(1)} ms; peer p50 ${peer.p50.toFixed(1)} ms, p99 ${peer.p99.toFixed(1)} ms`,
  });
}

/** `cpu` is in microseconds an event. */
async function rate(
  stores: BenchStores,
  mode: 'journal' | 'insert',
  batch: number,
): Promise<Sent & { cpu: number }> {
  return withServer(stores, mode, async url => {
    await send({ url, batch, connections: CONNECTIONS, seconds: 1 });
    const before = await drain(url);
    const sent = await send({ url, batch, connections: CONNECTIONS, seconds: SECONDS });
    const after = await drain(url);
    return { ...sent, cpu: (after - before) / sent.acknowledged };
  });
}

const SIZES = [10_000, 100_000, 1_000_000];

/** From the first request until everything is in the warehouse, at 1x, 10x and 100x. */
async function growth(stores: BenchStores, report: Report): Promise<void> {
  const points: [number, number][] = [];
  for (const events of SIZES) {
    const taken = await withServer(stores, 'journal', async url => {
      await send({ url, batch: 100, connections: CONNECTIONS, seconds: 1 });
      await drain(url);
      return seconds(async () => {
        await send({ url, batch: 100, connections: CONNECTIONS, events });
        await drain(url);
      });
    });
    points.push([events, taken]);
    const rows = `${Math.round(events / taken)} events/s`;
    const exponent = points.length === SIZES.length ? `, exponent ${growthExponent(points).toFixed(2)}` : '';
    report({
      work: `stored in the warehouse, ${events} events`,
      ours: taken,
      unit: 's',
      quality: `${rows}${exponent}`,
    });
  }
}

async function withServer<T>(
  stores: BenchStores,
  mode: 'journal' | 'insert',
  use: (url: string) => Promise<T>,
): Promise<T> {
  const env = { MODE: mode, FOLDER: join(stores.folder, 'collection'), WAREHOUSE: stores.warehouseUrl };
  const server = start('server.ts', env);
  try {
    return await use((await message(server)) as string); // its URL
  } finally {
    server.kill();
  }
}

async function send(sending: Sending): Promise<Sent> {
  const client = start('client.ts', {});
  client.send(sending);
  return (await message(client)) as Sent; // its one message
}

/** Waits until all is stored; returns the microseconds of CPU that the server has used so far. */
async function drain(url: string): Promise<number> {
  const response = await fetch(`${url}/drained`, { method: 'POST' });
  if (!response.ok) throw new Error(`draining failed: ${await response.text()}`);
  const { cpu } = (await response.json()) as { cpu: number }; // the benchmark's own server
  return cpu;
}

function start(file: string, env: Record<string, string>): ChildProcess {
  return fork(new URL(`ingest/${file}`, import.meta.url), [], {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...env },
  });
}

function message(child: ChildProcess): Promise<unknown> {
  return new Promise((done, failed) => {
    child.once('message', done);
    child.once('exit', code => failed(new Error(`a process of the benchmark ended with ${code}`)));
  });
}
