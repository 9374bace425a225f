import { isAppError } from '@bellwether/contracts';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, inject, test } from 'vitest';
import { startEngines, type Engines } from './engines.ts';
import { identityOf } from './processes.ts';
import { askRecords } from './records/ask.ts';
import { askWarehouse } from './warehouse/ask.ts';

const PARENT = fileURLToPath(new URL('./supervision.test-process.ts', import.meta.url));

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const each of cleanUp.splice(0).reverse()) await each();
});

/** A folder of the test's own, below one that only its owner may enter. */
function newFolder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'bellwether-engines-'));
  cleanUp.push(() => rmSync(parent, { recursive: true, force: true }));
  return join(parent, 'data');
}

async function start(
  dataFolder: string,
  more: { warehouseUrl?: string; recordsUrl?: string } = {},
): Promise<Engines & { log: string[] }> {
  const log: string[] = [];
  const engines = await startEngines({ dataFolder, ...more, log: line => log.push(line) });
  cleanUp.push(() => engines.stop());
  return { ...engines, log };
}

/** Starts engines in a process of their own, which can be killed. */
async function startInChild(
  folder: string,
): Promise<{ parent: ChildProcess; warehouseUrl: string; recordsUrl: string }> {
  const parent = spawn(process.execPath, ['--import', 'tsx', PARENT, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanUp.push(() => void parent.kill('SIGKILL'));
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  return { parent, ...(JSON.parse(line) as { warehouseUrl: string; recordsUrl: string }) };
}

async function remember(engines: { warehouseUrl: string; recordsUrl: string }, what: number): Promise<void> {
  await askWarehouse(
    engines.warehouseUrl,
    'CREATE TABLE IF NOT EXISTS bellwether.kept (n UInt32) ENGINE = MergeTree ORDER BY n',
  );
  await askWarehouse(engines.warehouseUrl, `INSERT INTO bellwether.kept VALUES (${what})`);
  await askRecords(engines.recordsUrl, 'CREATE TABLE IF NOT EXISTS kept (n int)');
  await askRecords(engines.recordsUrl, `INSERT INTO kept VALUES (${what})`);
}

async function remembered(engines: {
  warehouseUrl: string;
  recordsUrl: string;
}): Promise<{ warehouse: number[]; records: number[] }> {
  const [warehouse, records] = await Promise.all([
    askWarehouse<{ n: number }>(engines.warehouseUrl, 'SELECT n FROM bellwether.kept ORDER BY n'),
    askRecords<{ n: number }>(engines.recordsUrl, 'SELECT n FROM kept ORDER BY n'),
  ]);
  return { warehouse: warehouse.map(row => row.n), records: records.map(row => row.n) };
}

function pidOf(folder: string, engine: 'warehouse' | 'records'): number {
  const file = engine === 'warehouse' ? 'warehouse/front.pid' : 'records/cluster/postmaster.pid';
  const text = readFileSync(join(folder, file), 'utf8');
  return engine === 'warehouse' ? (JSON.parse(text) as { pid: number }).pid : Number(text.split('\n')[0]);
}

async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; !what(); tries++) {
    if (tries > 600) throw new Error('it did not come to pass');
    await wait(50);
  }
}

const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'started',
    (error: unknown) => (isAppError(error) ? error.code : String(error)),
  );

test('what was written is there after a stop and a start, and nothing stays running', async () => {
  const folder = newFolder();
  const first = await start(folder);
  await remember(first, 1);
  const pids = (['warehouse', 'records'] as const).map(engine => pidOf(folder, engine));
  await first.stop();
  expect(pids.map(identityOf)).toEqual([undefined, undefined]);
  const second = await start(folder);
  expect(await remembered(second)).toEqual({ warehouse: [1], records: [1] });
  expect(second.states().map(({ name, state, embedded }) => ({ name, state, embedded }))).toEqual([
    { name: 'warehouse', state: 'up', embedded: true },
    { name: 'records', state: 'up', embedded: true },
  ]);
  expect(second.warnings()).toEqual([]);
});

test('each engine that is killed is started again at the same address, with its data', async () => {
  const folder = newFolder();
  const engines = await start(folder);
  await remember(engines, 7);
  for (const engine of ['warehouse', 'records'] as const) process.kill(pidOf(folder, engine), 'SIGKILL');
  await until(() => engines.states().every(({ state, restarts }) => state === 'up' && restarts === 1));
  expect(await remembered(engines)).toEqual({ warehouse: [7], records: [7] });
  expect(engines.log.join('\n')).toMatch(/warehouse: the process ended with SIGKILL; starting it again/);
  // and no password is in the log, in the states, or readable by others
  const said = JSON.stringify([engines.states(), engines.log]);
  for (const url of [engines.warehouseUrl, engines.recordsUrl])
    expect(said).not.toContain(new URL(url).password);
  expect(statSync(join(folder, 'records', 'password')).mode & 0o077).toBe(0);
  expect(statSync(folder).mode & 0o077).toBe(0);
});

test('engines whose parent was killed leave or are ended, and their folder can be used', async () => {
  const folder = newFolder();
  const { parent, ...urls } = await startInChild(folder);
  await remember(urls, 3);
  expect(await codeOf(startEngines({ dataFolder: folder }))).toBe('engines.folder_in_use');
  const orphan = pidOf(folder, 'records');
  const front = pidOf(folder, 'warehouse');
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await until(() => identityOf(front) === undefined);
  const engines = await start(folder);
  expect(await remembered(engines)).toEqual({ warehouse: [3], records: [3] });
  expect(identityOf(orphan)).toBeUndefined();
});

test('a process that has the number of a former one is left alone', async () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'warehouse'), { recursive: true });
  const stranger = spawn('sleep', ['600']);
  cleanUp.push(() => void stranger.kill());
  const forged = JSON.stringify({ pid: stranger.pid, birth: 'another' });
  writeFileSync(join(folder, 'warehouse', 'front.pid'), forged);
  writeFileSync(join(folder, 'lock'), forged);
  await start(folder, { recordsUrl: inject('recordsUrl') });
  expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
});

test('a folder of a newer version is refused and left as it was', async () => {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'VERSION'), '999\n');
  expect(await codeOf(startEngines({ dataFolder: folder }))).toBe('engines.newer');
  expect(existsSync(join(folder, 'warehouse'))).toBe(false);
});

test('an engine that cannot start says why, and the other is stopped', async () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'records', 'cluster'), { recursive: true });
  writeFileSync(join(folder, 'records', 'cluster', 'PG_VERSION'), '9\n');
  expect(await codeOf(startEngines({ dataFolder: folder }))).toBe('engines.postgres_version');
  await until(() => identityOf(pidOf(folder, 'warehouse')) === undefined);
  expect(existsSync(join(folder, 'lock'))).toBe(false);
});

test('a real server takes the place of either, and is watched', async () => {
  const urls = { warehouseUrl: inject('warehouseUrl'), recordsUrl: inject('recordsUrl') };
  const folder = newFolder();
  const engines = await start(folder, urls);
  expect(engines).toMatchObject(urls);
  expect(engines.states().map(({ state, embedded }) => [state, embedded])).toEqual([
    ['up', false],
    ['up', false],
  ]);
  expect(existsSync(join(folder, 'records'))).toBe(false);
  const nobody = startEngines({
    dataFolder: newFolder(),
    ...urls,
    recordsUrl: 'postgres://a:b@127.0.0.1:1/c',
  });
  expect(await codeOf(nobody)).toBe('engines.no_answer');
});

test('a start that is cancelled leaves nothing behind', async () => {
  const folder = newFolder();
  const cancel = new AbortController();
  const starting = startEngines({ dataFolder: folder, signal: cancel.signal });
  const outcome = codeOf(starting);
  await until(() => existsSync(join(folder, 'warehouse', 'front.pid')));
  cancel.abort();
  expect(await outcome).toBe('engines.stopped');
  expect(identityOf(pidOf(folder, 'warehouse'))).toBeUndefined();
  expect(existsSync(join(folder, 'lock'))).toBe(false);
});

test('a damaged part is reported', async () => {
  const folder = newFolder();
  const recordsUrl = inject('recordsUrl');
  const first = await start(folder, { recordsUrl });
  await askWarehouse(
    first.warehouseUrl,
    'CREATE TABLE bellwether.kept (n UInt32) ENGINE = MergeTree ORDER BY n',
  );
  await askWarehouse(first.warehouseUrl, 'INSERT INTO bellwether.kept VALUES (1)');
  const [part] = await askWarehouse<{ path: string }>(
    first.warehouseUrl,
    "SELECT path FROM system.parts WHERE table = 'kept' AND active",
  );
  await first.stop();
  writeFileSync(join(part?.path ?? '', 'columns.txt'), 'garbage');
  const second = await start(folder, { recordsUrl });
  expect(second.warnings()).toHaveLength(1);
  expect(second.warnings()[0]).toMatch(/damaged part of bellwether\.kept/);
});
