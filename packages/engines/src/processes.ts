import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** A process that can be told from a later one of the same number. */
export interface Identity {
  pid: number;
  /** When it was born, in the system's own words. */
  birth: string;
}

/** The identity of a living process, or nothing. */
export function identityOf(pid: number): Identity | undefined {
  const birth = process.platform === 'linux' ? linuxBirth(pid) : ps(pid, 'lstart');
  return birth === undefined ? undefined : { pid, birth };
}

export function isAlive(identity: Identity): boolean {
  return identityOf(identity.pid)?.birth === identity.birth;
}

/** What a living process was started as. */
export function commandOf(pid: number): string {
  if (process.platform !== 'linux') return ps(pid, 'command') ?? '';
  return readOr(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ') ?? '';
}

/**
 * Ends a process: each signal in turn, with the time in milliseconds that it has to leave.
 *
 * @returns whether it has gone
 */
export async function end(
  identity: Identity,
  signals: readonly (readonly [NodeJS.Signals, number])[],
): Promise<boolean> {
  for (const [signal, patience] of signals) {
    if (!isAlive(identity)) return true;
    try {
      process.kill(identity.pid, signal);
    } catch {
      // it left in between
    }
    if (await gone(identity, patience)) return true;
  }
  return !isAlive(identity);
}

/** Waits until a process has gone, `patience` milliseconds at most. */
export async function gone(identity: Identity, patience: number): Promise<boolean> {
  for (let waited = 0; waited < patience; waited += 25) {
    if (!isAlive(identity)) return true;
    await wait(25);
  }
  return !isAlive(identity);
}

/** Boot and tick of birth; a zombie is no longer alive. */
function linuxBirth(pid: number): string | undefined {
  const stat = readOr(`/proc/${pid}/stat`);
  // the name, in brackets, may hold spaces: the fields are counted behind it
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields === undefined || fields[0] === 'Z') return undefined;
  return `${readOr('/proc/sys/kernel/random/boot_id')?.trim() ?? ''} ${fields[19] ?? ''}`;
}

function ps(pid: number, column: string): string | undefined {
  const { stdout } = spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() || undefined;
}

function readOr(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
