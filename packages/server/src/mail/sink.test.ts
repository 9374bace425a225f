import { SteppedClock } from '@bellwether/contracts';
import type { Records } from '@bellwether/records';
import { freshRecords } from '@bellwether/testing';
import { createConnection } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getMail, listMails, mailsSince, openMailSink, type MailSink } from './sink.ts';

let records: Records;
let sink: MailSink;

beforeAll(async () => {
  records = await freshRecords();
  const log = pino({ level: 'silent' });
  sink = await openMailSink({ records, clock: new SteppedClock(Date.UTC(2026, 0, 2)), keep: 250, log });
});
afterAll(async () => {
  await sink.close();
  await records.destroy();
});

/** Speaks SMTP by hand: each line waits for the answer to the one before. */
function send(mails: string[]): Promise<string[]> {
  const commands = ['EHLO test'];
  for (const mail of mails)
    commands.push('MAIL FROM:<shop@example.com>', 'RCPT TO:<a@b.example>', 'DATA', `${mail}\r\n.`);
  commands.push('QUIT');
  const { port, hostname } = new URL(sink.url);
  const answers: string[] = [];
  return new Promise((done, failed) => {
    const socket = createConnection(Number(port), hostname);
    socket.on('error', failed);
    socket.on('close', () => done(answers));
    socket.on('data', chunk => {
      for (const line of chunk.toString().split('\r\n')) {
        if (!/^\d{3} /.test(line)) continue;
        answers.push(line.slice(0, 3));
        const next = commands.shift();
        if (next !== undefined) socket.write(`${next}\r\n`);
      }
    });
  });
}

const mail = (subject: string): string =>
  [
    'From: Shop <shop@example.com>',
    'To: a@b.example',
    `Subject: ${subject}`,
    'List-Unsubscribe: <http://x/u/1>',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<p>Hello</p>',
  ].join('\r\n');

test('a mail that was accepted can be read', async () => {
  expect(await send([mail('One')])).toEqual(['220', '250', '250', '250', '354', '250', '221']);
  const { rows, total } = await listMails(records, { offset: 0, limit: 10 });
  expect(total).toBe(1);
  expect(rows[0]).toMatchObject({ to: 'a@b.example', from: 'shop@example.com', subject: 'One' });
  const whole = await getMail(records, rows[0]?.id ?? '');
  expect(whole.html).toContain('<p>Hello</p>');
  expect(whole.headers['list-unsubscribe']).toBe('<http://x/u/1>');
});

test.each(['0', 'x', '99999999999999999999', '1; drop'])('there is no mail %s', async id => {
  await expect(getMail(records, id)).rejects.toMatchObject({ code: 'mail.unknown' });
});

test('the oldest go when there are too many, and what came since is given in order', async () => {
  await send(Array.from({ length: 400 }, (_, n) => mail(`M${n}`)));
  const { rows, total } = await listMails(records, { offset: 0, limit: 1 });
  expect(rows[0]?.subject).toBe('M399');
  expect(total).toBeLessThan(450);
  const last = Number(rows[0]?.id);
  expect((await mailsSince(records, last - 2)).map(({ id }) => id)).toEqual([last - 1, last]);
});
