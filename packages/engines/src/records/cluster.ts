import { AppError } from '@bellwether/contracts';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { commandOf, end, identityOf } from '../processes.ts';
import type { Binaries } from './binaries.ts';
import { giveTo, spawnAs, type Account } from './unprivileged.ts';

export const SUPERUSER = 'bellwether';

/** Where one PostgreSQL keeps its data and the password of its one user. */
export interface Cluster {
  folder: string;
  passwordFile: string;
}

/** The password of the cluster, made with it and kept where only its owner reads. */
export function passwordOf(cluster: Cluster): string {
  if (!existsSync(cluster.passwordFile))
    writeFileSync(cluster.passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return readFileSync(cluster.passwordFile, 'utf8');
}

/** Makes the cluster unless it is there; one that a crash left half made is made anew. */
export async function createCluster(
  cluster: Cluster,
  binaries: Binaries,
  account: Account | undefined,
): Promise<void> {
  if (existsSync(cluster.folder)) return refuseOtherMajor(cluster, binaries);
  const draft = `${cluster.folder}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  giveTo(account, draft);
  const secret = `${draft}.password`;
  writeFileSync(secret, passwordOf(cluster), { mode: 0o600 });
  giveTo(account, secret);
  try {
    await initdb(binaries, account, draft, secret);
  } finally {
    rmSync(secret, { force: true });
  }
  renameSync(draft, cluster.folder);
}

async function initdb(
  binaries: Binaries,
  account: Account | undefined,
  folder: string,
  passwordFile: string,
): Promise<void> {
  const args = [
    `--pgdata=${folder}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // the same order and case rules on every machine
    '--locale=C.UTF-8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
  const child = spawnAs(account, binaries.initdb, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => (words += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0)
    throw new AppError('engines.start_failed', `PostgreSQL could not make its files: ${words.trim()}`);
}

function refuseOtherMajor(cluster: Cluster, binaries: Binaries): void {
  const written = readFileSync(join(cluster.folder, 'PG_VERSION'), 'utf8').trim();
  const ours = majorOf(binaries);
  if (written === ours) return;
  throw new AppError(
    'engines.postgres_version',
    `the records in ${cluster.folder} were written by PostgreSQL ${written} and this Bellwether has ${ours}; use the Bellwether that wrote them, or give RECORDS_URL`,
  );
}

/** PostgreSQL's major version, from the files that it came with. */
function majorOf(binaries: Binaries): string {
  const catalogue = join(dirname(binaries.postgres), '..', 'share', 'postgresql', 'postgres.bki');
  const [head = ''] = readFileSync(catalogue, 'utf8').split('\n', 1);
  return /(\d+)\s*$/.exec(head)?.[1] ?? '';
}

/** Ends a PostgreSQL that outlived the process that started it: it would keep the folder, and nobody would watch it. */
export async function endOrphan(cluster: Cluster): Promise<void> {
  const pidFile = join(cluster.folder, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n', 1)[0]);
  const orphan = identityOf(pid);
  // the number may be another process's by now
  const command = commandOf(pid);
  if (orphan === undefined || !command.includes('postgres') || !command.includes(basename(cluster.folder)))
    return;
  const left = await end(orphan, [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ]);
  if (!left)
    throw new AppError(
      'engines.folder_in_use',
      `an earlier PostgreSQL (process ${pid}) still holds ${cluster.folder}; end it`,
    );
}
