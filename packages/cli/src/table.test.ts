import { freshRecordsUrl, freshWarehouseUrl } from '@bellwether/testing';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const BIN = resolve(import.meta.dirname, '../bin/bellwether.mjs');

let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bellwether-table-'));
  const [warehouse, records] = await Promise.all([freshWarehouseUrl(), freshRecordsUrl()]);
  env = {
    ...{ ...process.env, WAREHOUSE_URL: warehouse, RECORDS_URL: records, NO_COLOR: '1' },
    ...{ BELLWETHER_DATA: join(folder, 'data'), BELLWETHER_LOG: 'warn' },
  };
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

function bellwether(...args: string[]): Promise<Run> {
  const child = spawn(process.execPath, [BIN, ...args], { env, cwd: folder });
  const run: Run = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (run.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (run.stderr += chunk.toString()));
  return new Promise(ended => child.on('close', code => ended({ ...run, code })));
}

/** Who bought: the younger, and those with many visits; the refund is known only afterwards. */
function purchases(): string {
  const lines = ['age,visits,refund,bought'];
  for (let n = 0; n < 400; n++) {
    const [age, visits] = [18 + ((n * 37) % 60), (n * 13) % 11];
    const isYes = (n * 7919) % 100 < 8 * visits + (age < 40 ? 20 : 0);
    lines.push(`${age},${visits},${isYes ? 3 + (n % 5) : 0},${isYes ? 1 : 0}`);
  }
  return `${lines.join('\n')}\n`;
}

test('a table is learned from on the command line, without a server that runs, and tells another file', async () => {
  writeFileSync(join(folder, 'bought.csv'), purchases());
  const train = [
    'train',
    'purchase-prediction',
    '--table',
    'bought.csv',
    '--target',
    'bought',
    '--folds',
    '2',
  ];
  const run = await bellwether(...train);
  expect(run.stderr).not.toContain('Error');
  expect(run.code).toBe(0);
  expect(run.stdout).toContain('Target: bought = 1');
  expect(run.stdout).toMatch(/Leaks, left out: refund\. .*--keep "refund" puts it back/);
  expect(run.stdout).toMatch(/AUC +0\.[6-9]\d+ \(0\.\d+–\d\.\d+\)/);
  for (const family of ['logistic', 'tree', 'forest', 'boosting', 'perceptron'])
    expect(run.stdout).toContain(`  ${family}`);
  const id = /Table (tab_[0-9a-f]+)/.exec(run.stdout)?.[1] ?? '';
  const told = await bellwether('predict', id, 'bought.csv', '--out', 'told.csv');
  expect(told.code).toBe(0);
  const lines = readFileSync(join(folder, 'told.csv'), 'utf8').trimEnd().split('\r\n');
  expect(lines).toHaveLength(401);
  expect(lines[0]).toBe('age,visits,refund,bought,probability,low,high,chosen,reasons');
}, 180_000);

test('what is missing on the command line is said, with the exit code of usage', async () => {
  writeFileSync(join(folder, 'bought.csv'), purchases());
  const noTarget = await bellwether('train', 'purchase-prediction', '--table', 'bought.csv');
  expect(noTarget.stderr).toContain('--target COLUMN');
  expect(noTarget.code).toBe(2);
  const folds = await bellwether(
    ...['train', 'purchase-prediction', '--table', 'bought.csv'],
    '--target',
    'bought',
    '--folds',
    '1',
  );
  expect(folds.stderr).toContain('--folds');
  expect(folds.code).toBe(2);
}, 60_000);
