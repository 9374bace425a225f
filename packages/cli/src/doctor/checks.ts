import { sentenceOf } from '@bellwether/contracts';
import { readRun, type Settings } from '@bellwether/server';
import { constants, existsSync } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';

export interface Finding {
  check: string;
  state: 'ok' | 'warn' | 'fail';
  /** What was found. */
  found: string;
  /** What to do about it; empty when nothing is to be done. */
  todo: string;
}

export type Check = (settings: Settings) => Promise<Finding>;

const GIB = 1024 ** 3;
const gib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;

const ok = (check: string, found: string): Finding => ({ check, state: 'ok', found, todo: '' });
const warn = (check: string, found: string, todo: string): Finding => ({ check, state: 'warn', found, todo });
const fail = (check: string, found: string, todo: string): Finding => ({ check, state: 'fail', found, todo });

export const checkNode: Check = async () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const found = `Node ${process.versions.node}`;
  if (major < 20 || (major === 20 && minor < 19)) return fail('node', found, 'install Node 20.19 or later');
  return major < 22 ? warn('node', found, 'this works; Node 24 is recommended') : ok('node', found);
};

export const checkPlatform: Check = async () => {
  const found = `${process.platform} ${process.arch}`;
  const known = ['linux', 'darwin'].includes(process.platform) && ['x64', 'arm64'].includes(process.arch);
  if (known) return ok('platform', found);
  return fail(
    'platform',
    found,
    'the embedded engines run on Linux and macOS, x64 or arm64; on Windows use WSL2',
  );
};

export const checkMemory: Check = async () => {
  const found = `${gib(totalmem())}, ${gib(freemem())} free, ${availableParallelism()} cores`;
  if (totalmem() < 1.5 * GIB) return fail('memory', found, 'use a machine with 2 GiB or more');
  if (freemem() < 0.75 * GIB)
    return warn('memory', found, 'close other programs: 1 GiB or more should be free');
  return ok('memory', found);
};

export const checkDisk: Check = async ({ data }) => {
  const { bavail, bsize, files, ffree } = await statfs(existing(data));
  const free = bavail * bsize;
  const found = `${gib(free)} free at ${existing(data)}`;
  if (free < GIB) return fail('disk', found, 'free some space: 1 GiB is the least, 5 GiB is good');
  if (files > 0 && ffree < 10_000)
    return fail('disk', `${ffree} files may still be made`, 'remove files, or use another disk');
  return free < 5 * GIB
    ? warn('disk', found, 'free some space: with much data 5 GiB are soon used')
    : ok('disk', found);
};

export const checkFolder: Check = async ({ data }) => {
  if (!existsSync(data)) {
    const parent = existing(data);
    return (await writable(parent))
      ? ok('data folder', `${data} will be made`)
      : fail(
          'data folder',
          `${parent} cannot be written to`,
          'give this user the right to write there, or set BELLWETHER_DATA',
        );
  }
  if (!(await writable(data)))
    return fail('data folder', `${data} cannot be written to`, 'give this user the right to write there');
  const { mode, uid } = await stat(data);
  if (uid !== process.getuid?.())
    return warn('data folder', `${data} belongs to another user`, 'run Bellwether as the user who owns it');
  if ((mode & 0o077) !== 0)
    return warn('data folder', `others on this machine can read ${data}`, `chmod 700 ${data}`);
  return ok('data folder', data);
};

export const checkSecrets: Check = async ({ data }) => {
  const path = join(data, 'secrets.json');
  if (!existsSync(path)) return ok('keys', 'made at the first start');
  const { mode } = await stat(path);
  return (mode & 0o077) === 0
    ? ok('keys', path)
    : fail('keys', `others can read ${path}`, `chmod 600 ${path}`);
};

export const checkPort: Check = async ({ host, port, data }) => {
  const run = readRun(data);
  if (run !== undefined) return ok('port', `Bellwether runs at ${run.url}`);
  const error = await listening(host, port);
  if (error === undefined) return ok('port', `${host}:${port} is free`);
  return fail('port', `${host}:${port}: ${error}`, 'stop what uses it, or set BELLWETHER_PORT');
};

const YEAR_MADE = Date.parse('2026-01-01');

export const checkClock: Check = async ({ data }) => {
  const now = Date.now();
  const found = `${new Date(now).toISOString()} (${Intl.DateTimeFormat().resolvedOptions().timeZone})`;
  if (now < YEAR_MADE) return fail('clock', found, 'set the machine’s clock: events are dated by it');
  const newest = existsSync(data) ? (await stat(data)).mtimeMs : 0;
  if (newest > now + 60_000)
    return warn('clock', `${found}, behind the files of the data folder`, 'set the machine’s clock');
  return ok('clock', found);
};

/** The path, or the nearest folder above it that is there. */
function existing(path: string): string {
  return existsSync(path) ? path : existing(dirname(path));
}

async function writable(path: string): Promise<boolean> {
  return access(path, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}

function listening(host: string, port: number): Promise<string | undefined> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', error =>
      resolve('code' in error && error.code === 'EADDRINUSE' ? 'in use' : sentenceOf(error)),
    );
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
