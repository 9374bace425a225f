// The store tests against real servers in place of the embedded pair: Debian's PostgreSQL for the records, and the front
// of the warehouse started by itself and reached by URL.
//
//     npm run test:stores [vitest's arguments]
//
// Without a PostgreSQL on this machine (apt-get install postgresql) the records are the embedded ones, and it says so.
// PG_BIN names the folder of its programs where they are elsewhere than Debian puts them.
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const TESTS = ['packages/warehouse', 'packages/records', 'packages/engines/src/front', 'packages/privacy'];
const PASSWORD = 'only-for-tests';

const folder = mkdtempSync(join(tmpdir(), 'bellwether-stores-'));
const children = [];
try {
  const env = { ...process.env, TEST_WAREHOUSE_URL: await startWarehouse() };
  const records = await startRecords();
  if (records !== undefined) env.TEST_RECORDS_URL = records;
  const args = process.argv.slice(2);
  const tests = spawn('npx', ['vitest', 'run', ...(args.length > 0 ? args : TESTS)], {
    stdio: 'inherit',
    env,
  });
  const [code] = await once(tests, 'exit');
  process.exitCode = code ?? 1;
} finally {
  await Promise.all(children.map(stop));
  rmSync(folder, { recursive: true, force: true });
}

async function startWarehouse() {
  const data = join(folder, 'warehouse');
  mkdirSync(data);
  const main = 'packages/engines/src/front/main.ts';
  const child = spawn(process.execPath, ['--import', 'tsx', main, '--folder', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, FRONT_PASSWORD: PASSWORD, UV_THREADPOOL_SIZE: '16' },
  });
  children.push(child);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const port = line.split(' ')[1];
  console.log(`warehouse: the front, started by itself, on port ${port}`);
  return `http://bellwether:${PASSWORD}@127.0.0.1:${port}/bellwether`;
}

async function startRecords() {
  const bin = process.env.PG_BIN ?? debianPostgres();
  if (bin === undefined) {
    console.log('records: skipped, no PostgreSQL is installed here (apt-get install postgresql, or PG_BIN)');
    return undefined;
  }
  const data = join(folder, 'records');
  mkdirSync(data, { mode: 0o700 });
  const account = asWhom(data);
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'bellwether', '--auth=trust', '-E', 'UTF8', '--no-locale'],
    account,
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = await freePort();
  const args = [
    '-D',
    data,
    '-p',
    String(port),
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'unix_socket_directories=',
  ];
  const child = spawn(join(bin, 'postgres'), args, { stdio: ['ignore', 'ignore', 'pipe'], ...account });
  children.push(child);
  for await (const line of createInterface({ input: child.stderr }))
    if (/ready to accept connections/.test(line)) break;
  child.stderr.resume();
  const version = spawnSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' }).stdout.trim();
  console.log(`records: ${version} on port ${port}`);
  return `postgres://bellwether@127.0.0.1:${port}/postgres`;
}

/** The folder of the newest PostgreSQL that Debian installed. */
function debianPostgres() {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map(version => join(root, version, 'bin')).find(bin => existsSync(join(bin, 'initdb')));
}

/** PostgreSQL does not run as root: as root it runs as nobody, who must be able to enter the folder. */
function asWhom(data) {
  if (process.getuid() !== 0) return {};
  const id = name => Number(spawnSync('id', [name, 'nobody'], { encoding: 'utf8' }).stdout);
  const account = { uid: id('-u'), gid: id('-g') };
  for (const path of [folder, data]) chownSync(path, account.uid, account.gid);
  return account;
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  await exited;
}
