import { readSettings } from '@bellwether/server';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { finishDemo, openDemo } from './demo.ts';

let data: string;
const settings = () => readSettings({ env: {}, options: { data } }).settings;
beforeEach(() => void (data = mkdtempSync(join(tmpdir(), 'bellwether-demo-'))));
afterEach(() => rmSync(data, { recursive: true, force: true }));

test('a demo that was played is found again; one cut off in the middle is played anew', () => {
  expect(openDemo(settings()).played).toBe(false);
  writeFileSync(join(data, 'half'), '');
  expect(openDemo(settings()).played).toBe(false);
  expect(existsSync(join(data, 'half'))).toBe(false);
  finishDemo(settings());
  expect(openDemo(settings()).played).toBe(true);
});

test('a folder that no demo made is left as it is', () => {
  writeFileSync(join(data, 'accounts.xlsx'), '');
  expect(() => openDemo(settings())).toThrow(/not a folder of the demo market/);
  expect(existsSync(join(data, 'accounts.xlsx'))).toBe(true);
});
