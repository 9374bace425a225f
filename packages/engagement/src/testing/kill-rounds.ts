import { migrateRecords, openRecords, sql, type Records } from '@bellwether/records';
import { migrate, Warehouse } from '@bellwether/warehouse';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addCustomers, openShop, startJourney } from './shop.ts';

export interface KillPlan {
  warehouseUrl: string;
  recordsUrl: string;
  messages: number;
  rounds: number;
  workers: number;
  /** Milliseconds that the mail server takes at most to acknowledge. */
  delay: number;
  random: () => number;
}

export interface KillReport {
  /** How many messages ended in each state. */
  states: Record<string, number>;
  /** Keys that arrived, as often as they arrived. */
  arrived: string[];
  /** Keys that the outbox calls sent, and unknown. */
  sent: string[];
  unknown: string[];
  /** Deaths with messages on the wire. */
  killedAtWork: number;
}

/**
 * Sends a journey's mails through worker processes that are killed at random instants and started again, to a mail server
 * in a process of its own, until nothing is left to send.
 */
export async function killRounds(plan: KillPlan): Promise<KillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-kill-'));
  const arrivals = join(folder, 'arrived');
  writeFileSync(arrivals, '');
  const [warehouse, records] = [
    new Warehouse({ url: plan.warehouseUrl }),
    openRecords({ url: plan.recordsUrl }),
  ];
  await Promise.all([migrate(warehouse), migrateRecords(records)]);
  await fillOutbox(warehouse, records, plan.messages);
  const port = await freePort();
  await start('kill-sink.ts', arrivals, String(port), String(plan.delay));
  const worker = () =>
    start('kill-worker.ts', plan.warehouseUrl, plan.recordsUrl, `smtp://127.0.0.1:${port}`);
  let killedAtWork = 0;
  try {
    for (let round = 0; round < plan.rounds; round++) {
      const workers = await Promise.all(Array.from({ length: plan.workers }, worker));
      killedAtWork += await killSoon(workers, records, arrivals, plan.random);
    }
    await worker();
    await until(() => isDrained(records));
    return { ...(await stateOf(records)), arrived: arrivedIn(arrivals), killedAtWork };
  } finally {
    await Promise.all([...children].map(kill));
    await Promise.all([warehouse.close(), records.destroy()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One mail for everybody, waiting to be delivered by somebody. */
async function fillOutbox(warehouse: Warehouse, records: Records, messages: number): Promise<void> {
  const people = Array.from({ length: messages }, (_, i) => ({ id: `c${i}` }));
  await addCustomers(warehouse, people);
  const shop = openShop({ warehouse, records });
  await startJourney(shop.engagement);
  await shop.engagement.close();
}

/**
 * Waits until a mail has arrived since the round began, then a random while, then kills.
 *
 * @returns 1 if they died with messages on the wire
 */
async function killSoon(
  workers: readonly ChildProcess[],
  records: Records,
  arrivals: string,
  random: () => number,
): Promise<number> {
  const before = arrivedIn(arrivals).length;
  await until(async () => arrivedIn(arrivals).length > before || (await isDrained(records)));
  await sleep(random() * 80);
  await Promise.all(workers.map(kill));
  return (await count(records, `state = 'sending' AND handed_at IS NOT NULL`)) > 0 ? 1 : 0;
}

/** Everybody enrolled has moved on, and nothing is due or on its way. */
async function isDrained(records: Records): Promise<boolean> {
  if ((await count(records, 'true')) === 0) return false;
  const { rows } = await sql<{ n: number }>`
    SELECT (SELECT count(*) FROM enrolments WHERE state = 'active' AND due_at <= now())
      + (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending'))
      + (SELECT count(*) FROM journeys JOIN audiences ON computation > enrolled_computation) AS n`.execute(
    records,
  );
  return rows[0]?.n === 0;
}

async function count(records: Records, where: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM outbox WHERE ${sql.raw(where)}`.execute(
    records,
  );
  return rows[0]?.n ?? 0;
}

async function stateOf(records: Records): Promise<Pick<KillReport, 'states' | 'sent' | 'unknown'>> {
  const rows = await records.selectFrom('outbox').select(['key', 'state']).execute();
  const states: Record<string, number> = {};
  for (const { state } of rows) states[state] = (states[state] ?? 0) + 1;
  const keysIn = (wanted: string) =>
    rows.filter(row => row.state === wanted).map(row => row.key.replaceAll(':', '.'));
  return { states, sent: keysIn('sent'), unknown: keysIn('unknown') };
}

function arrivedIn(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(15);
}

const children = new Set<ChildProcess>();

/** Starts a script of this folder and waits for its first line. */
function start(script: string, ...args: string[]): Promise<ChildProcess> {
  const path = new URL(script, import.meta.url).pathname;
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.stdout.once('data', () => resolve(child));
    child.once('exit', code => reject(new Error(`${script} ended with ${code}: ${errors}`)));
  });
}

function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise(dead => {
    child.once('exit', () => dead());
    child.kill('SIGKILL');
  });
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
