import { AppError } from '@bellwether/contracts';
import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf, isAlive, type Identity } from './processes.ts';

/** The layout of a data folder that this version writes. */
export const LAYOUT = 1;

/** A data folder that this process alone works in. */
export interface Claim {
  release(): void;
}

/**
 * Takes a data folder, made if it is not there, for this process.
 *
 * @throws AppError `engines.newer` for a folder that a later version wrote, `engines.folder_in_use` while another
 *   process has it
 */
export function claimFolder(folder: string): Claim {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  refuseNewer(folder);
  const lock = join(folder, 'lock');
  const mine = JSON.stringify(identityOf(process.pid));
  for (;;) {
    if (tryLock(lock, mine)) break;
    clearStale(folder, lock);
  }
  writeFileSync(join(folder, 'VERSION'), `${LAYOUT}\n`);
  return {
    release: () => {
      if (readOr(lock) === mine) rmSync(lock, { force: true });
    },
  };
}

function refuseNewer(folder: string): void {
  const said = readOr(join(folder, 'VERSION'))?.trim();
  if (said === undefined || (/^\d+$/.test(said) && Number(said) <= LAYOUT)) return;
  throw new AppError(
    'engines.newer',
    `the data folder ${folder} was written by a newer Bellwether (layout ${said}, this one knows ${LAYOUT}); upgrade, or choose another data folder`,
  );
}

/** Writes the lock whole or not at all. */
function tryLock(lock: string, content: string): boolean {
  const draft = `${lock}.${randomUUID()}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Takes away the lock of a process that has gone. */
function clearStale(folder: string, lock: string): void {
  const seen = readOr(lock);
  if (seen === undefined) return;
  const owner = ownerOf(seen);
  if (owner !== undefined && isAlive(owner))
    throw new AppError(
      'engines.folder_in_use',
      `the data folder ${folder} is in use by a running Bellwether (process ${owner.pid}); stop it, or choose another data folder`,
    );
  // another process may have cleared and taken it since it was read: what is moved away is looked at again
  const aside = `${lock}.${randomUUID()}`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  if (readOr(aside) !== seen && !existsSync(lock)) renameSync(aside, lock);
  rmSync(aside, { force: true });
}

function ownerOf(text: string): Identity | undefined {
  try {
    return JSON.parse(text) as Identity;
  } catch {
    return undefined;
  }
}

function readOr(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
