/**
 * The process of the embedded ClickHouse: its HTTP interface on loopback over one data folder.
 *
 *     FRONT_PASSWORD=secret node --import tsx packages/engines/src/front/main.ts --folder DIR [--port N] [--supervised]
 *
 * Prints `ready PORT` when it serves. SIGTERM ends it cleanly; under `--supervised` so does the end of its stdin, which
 * is its parent's death.
 */
import { mkdirSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Spool } from './body.ts';
import { ClickHouse } from './clickhouse.ts';
import { limits } from './limits.ts';
import { loadNative } from './native.ts';
import { createFront } from './server.ts';
import { Slots } from './slots.ts';

const DATABASE = 'bellwether';
/** Milliseconds. */
const LONGEST_LEAVE = 5_000;

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    port: { type: 'string', default: '0' },
    supervised: { type: 'boolean', default: false },
  },
});
if (values.folder === undefined) throw new Error('give the data folder: --folder DIR');
// not an argument: those can be read by everyone on the machine
const password = process.env['FRONT_PASSWORD'] ?? '';
delete process.env['FRONT_PASSWORD'];

const spoolFolder = join(values.folder, 'spool');
rmSync(spoolFolder, { recursive: true, force: true });
mkdirSync(spoolFolder, { recursive: true, mode: 0o700 });
const bounds = limits();
const clickhouse = new ClickHouse(loadNative(), join(values.folder, 'data'), bounds.clickhouse);
await clickhouse.command(`CREATE DATABASE IF NOT EXISTS ${DATABASE} ENGINE = Atomic`);
const slots = new Slots(bounds.slots, bounds.mayWait);
const server = createFront({
  clickhouse,
  slots,
  spool: new Spool({ ...bounds.bodies, folder: spoolFolder }),
  password,
  database: DATABASE,
});
server.listen(Number(values.port), '127.0.0.1', () => {
  process.stdout.write(`ready ${(server.address() as AddressInfo).port}\n`);
});

/** Ends what runs and leaves. An engine that does not let go within a while is left to its journal, as after a crash. */
async function leave(): Promise<void> {
  server.close();
  server.closeAllConnections();
  for (let waited = 0; slots.taken > 0; waited += 50) {
    if (waited >= LONGEST_LEAVE) process.kill(process.pid, 'SIGKILL');
    await wait(50);
  }
  clickhouse.close();
  process.exit(0);
}
process.once('SIGTERM', () => void leave());
process.once('SIGINT', () => void leave());
if (values.supervised) process.stdin.once('end', () => void leave()).resume();
