import { AppError } from '@bellwether/contracts';
import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { chownSync, readFileSync, statSync } from 'node:fs';

/** Who PostgreSQL runs as: it refuses to run as root. */
export interface Account {
  uid: number;
  gid: number;
}

/** CAP_DAC_OVERRIDE in the masks of /proc. */
const DAC_OVERRIDE = 1n << 1n;

/** The account to run PostgreSQL as: nobody else than ourselves, unless we are root. */
export function unprivilegedAccount(cluster: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(cluster, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = passwdEntry('postgres') ?? passwdEntry('nobody');
  if (account === undefined)
    throw new AppError(
      'engines.root',
      'PostgreSQL does not run as root and this machine has neither a user "postgres" nor "nobody"; run as an ordinary user, or give RECORDS_URL',
    );
  return account;
}

/** Gives a folder to the account. */
export function giveTo(account: Account | undefined, folder: string): void {
  if (account !== undefined) chownSync(folder, account.uid, account.gid);
}

/**
 * Starts a program as the account. As root the clone or the data folder may lie below a folder that only root may
 * enter (/root): where the system lets us, the program keeps the one right to pass through it.
 */
export function spawnAs(
  account: Account | undefined,
  program: string,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  if (account === undefined) return spawn(program, args, options);
  if (!mayPassThrough()) return spawn(program, args, { ...options, ...account });
  const drop = [
    `--reuid=${account.uid}`,
    `--regid=${account.gid}`,
    '--clear-groups',
    '--inh-caps=-all,+dac_override',
    '--ambient-caps=-all,+dac_override',
    '--bounding-set=-all,+dac_override',
  ];
  return spawn('setpriv', [...drop, '--', program, ...args], options);
}

function mayPassThrough(): boolean {
  if (process.platform !== 'linux') return false;
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${bounding}`) & DAC_OVERRIDE) !== 0n && spawnSync('setpriv', ['--version']).status === 0;
}

function passwdEntry(name: string): Account | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find(entry => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}
