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
import { parseArgs } from 'node:util';
import { Spool } from './body.ts';
import { ClickHouse } from './clickhouse.ts';
import { limits } from './limits.ts';
import { loadNative } from './native.ts';
import { createFront } from './server.ts';
import { Slots } from './slots.ts';

const DATABASE = 'bellwether';

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    port: { type: 'string', default: '0' },
    supervised: { type: 'boolean', default: false },
  },
});
if (values.folder === undefined) throw new Error('give the data folder: --folder DIR');
const password = process.env['FRONT_PASSWORD'] ?? '';
delete process.env['FRONT_PASSWORD'];

const spoolFolder = join(values.folder, 'spool');
rmSync(spoolFolder, { recursive: true, force: true });
mkdirSync(spoolFolder, { recursive: true, mode: 0o700 });
const bounds = limits();
const clickhouse = new ClickHouse(loadNative(), join(values.folder, 'data'), bounds.clickhouse);
await clickhouse.command(`CREATE DATABASE IF NOT EXISTS ${DATABASE} ENGINE = Atomic`);
const server = createFront({
  clickhouse,
  slots: new Slots(bounds.slots, bounds.mayWait),
  spool: new Spool({ ...bounds.bodies, folder: spoolFolder }),
  password,
  database: DATABASE,
});
server.listen(Number(values.port), '127.0.0.1', () => {
  process.stdout.write(`ready ${(server.address() as AddressInfo).port}\n`);
});

function leave(): void {
  server.closeAllConnections();
  server.close();
  clickhouse.close();
  process.exit(0);
}
process.once('SIGTERM', leave);
process.once('SIGINT', leave);
if (values.supervised) process.stdin.on('end', leave).resume();
