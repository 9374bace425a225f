import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { Spool } from './body.ts';

const folder = mkdtempSync(join(tmpdir(), 'bellwether-spool-'));
afterAll(() => rmSync(folder, { recursive: true }));
const spool = new Spool({ folder, statement: 100, statements: 150, rows: 1_000 });

function request(body: Buffer, headers: Record<string, string> = {}): IncomingMessage {
  const message = new IncomingMessage(new Socket());
  Object.assign(message.headers, headers);
  message.push(body);
  message.push(null);
  message.complete = true;
  return message;
}

test('rows go to a file, unpacked, and the file goes when they are released', async () => {
  const body = await spool.rows(request(gzipSync('some rows'), { 'content-encoding': 'gzip' }));
  expect(readFileSync(body.file ?? '', 'utf8')).toBe('some rows');
  await body.release();
  expect(readdirSync(folder)).toEqual([]);
});

test('a small body that unpacks to a large one is refused, and nothing of it stays', async () => {
  const bomb = request(gzipSync(Buffer.alloc(1_000_000)), { 'content-encoding': 'gzip' });
  await expect(spool.rows(bomb)).rejects.toMatchObject({ status: 413 });
  expect(readdirSync(folder)).toEqual([]);
});

test('statements are bounded one by one and together', async () => {
  await expect(spool.statement(request(Buffer.alloc(101)))).rejects.toMatchObject({ status: 413 });
  const first = await spool.statement(request(Buffer.alloc(90)));
  await expect(spool.statement(request(Buffer.alloc(90)))).rejects.toMatchObject({ status: 503 });
  await first.release();
  const second = await spool.statement(request(Buffer.alloc(90)));
  await second.release();
  expect(spool.held).toBe(0);
});

test('what cannot be unpacked is refused with 400', async () => {
  const garbage = request(Buffer.from('not gzip'), { 'content-encoding': 'gzip' });
  await expect(spool.statement(garbage)).rejects.toMatchObject({ status: 400 });
  const unknown = request(Buffer.from('x'), { 'content-encoding': 'lz4' });
  await expect(spool.rows(unknown)).rejects.toMatchObject({ status: 400, exceptionCode: 48 });
  expect(readdirSync(folder)).toEqual([]);
});
