import type { ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Program } from '../supervised.ts';
import { askRecords, pingRecords } from './ask.ts';
import { postgresBinaries } from './binaries.ts';
import { createCluster, endOrphan, passwordOf, SUPERUSER, type Cluster } from './cluster.ts';
import { spawnAs, unprivilegedAccount } from './unprivileged.ts';

const DATABASE = 'bellwether';

/** A real PostgreSQL, durable, small. Times are in UTC everywhere. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '64',
  shared_buffers: '64MB',
  maintenance_work_mem: '32MB',
  max_worker_processes: '4',
  max_parallel_workers: '2',
  autovacuum_max_workers: '2',
  // reading through helper processes pays on disks, not on tables that fit in memory
  io_method: 'sync',
  jit: 'off',
  huge_pages: 'off',
  fsync: 'on',
  synchronous_commit: 'on',
  // nobody replicates from it
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '256MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
};

export interface PostgresProgram extends Program {
  /** Known once it has been ready. */
  url(): string;
}

/** PostgreSQL in a process of its own, over `folder`, with a password that is kept in it. */
export function postgresProgram(folder: string): PostgresProgram {
  const cluster: Cluster = { folder: join(folder, 'cluster'), passwordFile: join(folder, 'password') };
  let port = 0;
  const url = (database: string): string =>
    `postgres://${SUPERUSER}:${passwordOf(cluster)}@127.0.0.1:${port}/${database}`;
  return {
    name: 'records',
    // "fast": open transactions are rolled back
    stopSignal: 'SIGINT',
    async launch() {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const binaries = postgresBinaries();
      const account = unprivilegedAccount(cluster.folder);
      await createCluster(cluster, binaries, account);
      await endOrphan(cluster);
      port ||= await freePort();
      return spawnAs(account, binaries.postgres, argumentsFor(cluster, port), {
        stdio: ['ignore', 'ignore', 'pipe'],
        // Ctrl-C in a terminal goes to the whole group: the engines are to be stopped by us, in order
        detached: true,
        env: { ...process.env, LC_ALL: 'C', PGTZ: 'UTC' },
      });
    },
    async ready(child) {
      await untilServing(child, url('postgres'));
      await createDatabase(url('postgres'));
    },
    check: () => pingRecords(url(DATABASE)),
    describe: () => `PostgreSQL, embedded, on 127.0.0.1:${port}`,
    url: () => url(DATABASE),
  };
}

function argumentsFor(cluster: Cluster, port: number): string[] {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', cluster.folder, '-p', String(port), ...settings];
}

async function untilServing(child: ChildProcess, url: string): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    try {
      return await pingRecords(url);
    } catch {
      await wait(40);
    }
  }
}

async function createDatabase(url: string): Promise<void> {
  const found = await askRecords(url, `SELECT 1 FROM pg_database WHERE datname = '${DATABASE}'`);
  if (found.length === 0) await askRecords(url, `CREATE DATABASE ${DATABASE}`);
}

/** A port that was free a moment ago: PostgreSQL cannot be asked to choose one. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
