import { AppError } from '@bellwether/contracts';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { end, gone, identityOf, type Identity } from '../processes.ts';
import type { Program } from '../supervised.ts';
import { pingWarehouse } from './ask.ts';

const MAIN = fileURLToPath(new URL('../front/main.ts', import.meta.url));
/** Above the front's slots, so that files and name look-ups find a thread while all of them run queries. */
const THREADS = 16;

export interface ClickHouseProgram extends Program {
  /** Known once it has been ready. */
  url(): string;
}

/** ClickHouse in a process of its own, over `folder`, with a password that lives as long as this object. */
export function clickHouseProgram(folder: string): ClickHouseProgram {
  const password = randomBytes(24).toString('base64url');
  const pidFile = join(folder, 'front.pid');
  let port = 0;
  return {
    name: 'warehouse',
    stopSignal: 'SIGTERM',
    async launch() {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      await endOrphan(pidFile);
      const child = spawnFront(folder, port, password);
      const identity = child.pid === undefined ? undefined : identityOf(child.pid);
      if (identity !== undefined) writeFileSync(pidFile, JSON.stringify(identity), { mode: 0o600 });
      return child;
    },
    async ready(child) {
      port = await readyPort(child);
    },
    check: () => pingWarehouse(`http://127.0.0.1:${port}`),
    describe: () => `ClickHouse, embedded, on 127.0.0.1:${port}`,
    url: () => `http://bellwether:${password}@127.0.0.1:${port}/bellwether`,
  };
}

function spawnFront(folder: string, port: number, password: string): ChildProcess {
  // Node strips types by itself from 22.18 on; before, tsx does
  const stripsTypes = 'typescript' in process.features && process.features.typescript !== false;
  const loader = stripsTypes
    ? []
    : ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];
  const args = [...loader, MAIN, '--folder', folder, '--port', String(port), '--supervised'];
  return spawn(process.execPath, args, {
    // its stdin ends when this process dies, and it ends with it
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C in a terminal goes to the whole group: the engines are to be stopped by us, in order
    detached: true,
    env: { ...process.env, NODE_OPTIONS: '', UV_THREADPOOL_SIZE: String(THREADS), FRONT_PASSWORD: password },
  });
}

function readyPort(child: ChildProcess): Promise<number> {
  const { stdout } = child;
  if (stdout === null) throw new AppError('engines.start_failed', 'the warehouse has no output to read');
  return new Promise(resolve => {
    createInterface({ input: stdout }).on('line', line => {
      const port = /^ready (\d+)$/.exec(line)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
}

/** A front whose parent was killed leaves by itself; one that does not is ended. */
async function endOrphan(pidFile: string): Promise<void> {
  const orphan = readIdentity(pidFile);
  if (orphan === undefined) return;
  if (!(await gone(orphan, 5_000))) await end(orphan, [['SIGKILL', 5_000]]);
  rmSync(pidFile, { force: true });
}

function readIdentity(path: string): Identity | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Identity;
  } catch {
    return undefined;
  }
}
