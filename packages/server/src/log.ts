import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { destination, pino, type Logger } from 'pino';
import type { Settings } from './settings.ts';

export type { Logger };

/** At a start, a log above this many bytes is put aside, over the one put aside before. */
const LARGE = 20 * 1024 ** 2;

/**
 * The structured log, `bellwether.log` in the data folder, one JSON object a line. It is given routes, ids and codes,
 * never bodies, addresses, keys or query strings; what slips in under these names is cut out.
 */
export function openLog(settings: Pick<Settings, 'data' | 'logLevel'>): Logger {
  mkdirSync(settings.data, { recursive: true, mode: 0o700 });
  const path = join(settings.data, 'bellwether.log');
  if (existsSync(path) && statSync(path).size > LARGE) renameSync(path, `${path}.1`);
  const secret = ['password', 'key', 'token', 'authorization', 'cookie', 'email', 'phone', 'url'];
  return pino(
    {
      level: settings.logLevel,
      base: { pid: process.pid },
      redact: { paths: secret.flatMap(name => [name, `*.${name}`]), censor: '***' },
    },
    destination({ dest: path, sync: false, mode: 0o600 }),
  );
}
