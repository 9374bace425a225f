import { freshRecordsUrl, freshWarehouseUrl } from '@bellwether/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const BIN = resolve(import.meta.dirname, '../bin/bellwether.mjs');

let folder: string;
let env: NodeJS.ProcessEnv;
let serving: ChildProcess;

interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The lines of `--json`, each parsed. */
interface Said {
  type: string;
  [field: string]: unknown;
}

function bellwether(...args: string[]): Promise<Run> {
  const child = spawn(process.execPath, [BIN, ...args], { env, cwd: folder });
  const run: Run = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (run.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (run.stderr += chunk.toString()));
  return new Promise(ended => child.on('close', code => ended({ ...run, code })));
}

const said = ({ stdout }: Run): Said[] =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Said);

/** Starts `bellwether start --empty` and waits until it says that it is ready. */
async function start(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [BIN, '--json', 'start', '--empty', '--port', '0'], {
    env,
    cwd: folder,
  });
  let text = '';
  await new Promise<void>((ready, failed) => {
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('"type":"ready"')) ready();
    });
    child.on('exit', code => failed(new Error(`start ended with ${code}: ${text}`)));
  });
  return child;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bellwether-cli-'));
  const [warehouse, records] = await Promise.all([freshWarehouseUrl(), freshRecordsUrl()]);
  const urls = { WAREHOUSE_URL: warehouse, RECORDS_URL: records };
  env = {
    ...process.env,
    ...urls,
    BELLWETHER_DATA: join(folder, 'data'),
    BELLWETHER_LOG: 'warn',
    NO_COLOR: '1',
  };
  serving = await start();
});

afterAll(() => {
  serving.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function orders(): string {
  const lines = ['order_id,product_id,quantity,unit_price,at,customer_id'];
  for (let n = 0; n < 500; n++)
    lines.push(`o${n},p${n % 9},1,9.5,2026-0${1 + (n % 9)}-02 10:00:00,c${n % 60}`);
  return lines.join('\n');
}

describe('beside a running server', () => {
  test('a file is imported by it', async () => {
    writeFileSync(join(folder, 'orders.csv'), orders());
    const run = await bellwether('--json', 'import', 'orders.csv');
    expect(run.stderr).toBe('');
    expect(run.code).toBe(0);
    const imported = said(run).find(({ type }) => type === 'imported');
    expect(imported).toMatchObject({ state: 'done', rows_read: 500, rows_loaded: 500, rows_refused: 0 });
    const again = said(await bellwether('--json', 'import', 'orders.csv')).find(
      ({ type }) => type === 'imported',
    );
    expect(again).toMatchObject({ rows_loaded: 0, rows_known: 500 });
  });

  test('its status, a report and a new password are given', async () => {
    const [status, report, password] = await Promise.all([
      bellwether('--json', 'status'),
      bellwether('report', '--out', 'report.html', '--lang', 'zh-CN'),
      bellwether('--json', 'password'),
    ]);
    const [line] = said(status);
    expect(line).toMatchObject({ type: 'status', engines: [{ state: 'up' }, { state: 'up' }] });
    expect(line?.['url']).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(report.code).toBe(0);
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('lang="zh-CN"');
    expect(said(password)[0]).toMatchObject({ email: 'admin@bellwether.local' });
  });

  test('doctor finds everything in order, or says what to do', async () => {
    const run = await bellwether('--json', 'doctor');
    const findings = said(run).filter(({ type }) => type === 'check');
    const names = findings.map(({ check }) => check);
    for (const name of [
      'node',
      'memory',
      'disk',
      'data folder',
      'port',
      'clock',
      'warehouse',
      'records',
      'journal',
    ])
      expect(names).toContain(name);
    for (const { state, todo } of findings) expect(state === 'ok').toBe(todo === '');
    expect(run.code).toBe(findings.some(({ state }) => state === 'fail') ? 1 : 0);
  });

  test('learning from too little is refused with what is wanting', async () => {
    const [train, score] = await Promise.all([
      bellwether('train', 'purchase-prediction'),
      bellwether('score', 'purchase-prediction'),
    ]);
    expect([train.code, score.code]).toEqual([4, 4]);
    expect(train.stderr).toMatch(/needs more before it can learn: .* of .*\(scenario\.not_ready\)/);
  });

  test('a second server on the same folder is refused', async () => {
    const run = await bellwether('start', '--empty', '--port', '0');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('runs on');
  });
});

describe('a command line that is wrong', () => {
  test.each([
    [['nonsense'], 2],
    [['train'], 2],
    [['import', 'none.csv'], 3],
    [['import', '--as', 'poems', 'orders.csv'], 2],
    [['report', '--out', 'x.doc'], 2],
    [['train', 'mind-reading'], 2],
    [['--help'], 0],
  ])('%j ends with %i', async (args, code) => {
    writeFileSync(join(folder, 'orders.csv'), orders());
    const run = await bellwether(...args);
    expect(run.code).toBe(code);
    expect(run.stderr).not.toMatch(/\n\s+at /);
  });

  test('a setting that cannot be used ends with 3 and its name', async () => {
    const before = env;
    env = { ...env, BELLWETHER_PORT: 'many' };
    const run = await bellwether('--json', 'config');
    env = before;
    expect(run.code).toBe(3);
    expect(said(run)[0]).toMatchObject({ type: 'error', code: 'settings.invalid' });
  });
});

test('config shows every setting with its source, and no password', async () => {
  const run = await bellwether('--json', 'config');
  const port = said(run).find(({ name }) => name === 'port');
  expect(port).toMatchObject({ env: 'BELLWETHER_PORT', source: 'default', value: '4600' });
  expect(said(run).find(({ name }) => name === 'recordsUrl')).toMatchObject({ source: 'environment' });
  const password = new URL(env['RECORDS_URL'] ?? '').password;
  expect(run.stdout.includes(password) && password !== '').toBe(false);
});

test('an interrupt stops the server cleanly; afterwards a command starts one of its own and ends it', async () => {
  const ended = new Promise(exit => serving.once('exit', code => exit(code)));
  serving.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(existsSync(join(folder, 'data', 'run.json'))).toBe(false);
  const run = await bellwether('--json', 'status');
  expect(said(run)[0]).toMatchObject({ url: null });
  expect(run.code).toBe(0);
});
