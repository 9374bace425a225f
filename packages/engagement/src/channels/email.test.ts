import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSmtpFarEnd, type Manner, type SmtpFarEnd } from '../testing/smtp-far-end.ts';
import type { Channel } from './channel.ts';
import { checkChannel, messageTo, type FarEnd } from './check-channel.ts';
import { openEmailChannel } from './email.ts';

const from = { name: 'Tea & Co', address: 'hello@shop.example' };
const MANNERS: Record<Parameters<FarEnd['behave']>[0], Manner> = {
  accept: 'accept',
  later: 'try_later',
  never: 'refuse_content',
  bad_address: 'refuse_address',
  lost: 'hang_up_after_body',
};

checkChannel('e-mail', async () => {
  const server = await openSmtpFarEnd();
  let open = true;
  return {
    open: () => openEmailChannel({ smtpUrl: server.url, from }),
    accepted: () =>
      server.received.map(
        raw => /^Message-ID: <(.*)@shop\.example>/m.exec(raw)?.[1]?.replaceAll('.', ':') ?? raw,
      ),
    behave: manner => void (server.manner = MANNERS[manner]),
    close: async () => {
      if (open) await server.close();
      open = false;
    },
  };
});

let server: SmtpFarEnd;
let channel: Channel;
beforeAll(async () => {
  server = await openSmtpFarEnd();
  channel = openEmailChannel({ smtpUrl: server.url, from });
});
afterAll(async () => {
  await channel.close();
  await server.close();
});

test('a mail has both parts and the headers that let a reader unsubscribe with one click', async () => {
  server.received.length = 0;
  await channel.send(messageTo('ann@example.com'));
  const mail = await simpleParser(server.received[0] ?? '');
  expect(mail.subject).toBe('Tea, we thought 茶');
  expect(mail.from?.value).toEqual([from]);
  expect(mail.to).toMatchObject({ value: [{ name: 'Ann 安', address: 'ann@example.com' }] });
  expect(mail.html).toBe('<p>Hello Ann</p>');
  expect(mail.text?.trim()).toBe('Hello Ann');
  expect(mail.messageId).toBe('<17.first.1@shop.example>');
  expect(server.received[0]).toContain('List-Unsubscribe: <https://mail.shop.example/u/token>');
  expect(server.received[0]).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  expect(server.received[0]).toContain('multipart/alternative');
});

test('no text of people adds a header or a recipient', async () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('x\r\nBcc: all@example.com', '"\r\n\r\nbody', 'a\u2028Bcc: b@x.org', '<evil@x.org>, you'),
  );
  await fc.assert(
    fc.asyncProperty(nasty, nasty, async (name, subject) => {
      server.received.length = 0;
      const outcome = await channel.send({
        ...messageTo('ann@example.com', { subject }),
        to: { name, address: 'ann@example.com' },
      });
      expect(outcome).toEqual({ state: 'sent' });
      const mail = await simpleParser(server.received[0] ?? '');
      expect([...mail.headers.keys()].filter(header => !HEADERS.includes(header))).toEqual([]);
      expect(mail.to).toMatchObject({ value: [{ address: 'ann@example.com' }] });
    }),
    { numRuns: 60 },
  );
});
const HEADERS = ['content-type', 'date', 'from', 'list', 'message-id', 'mime-version', 'subject', 'to'];

test('a sender refused at the door fails the message, not the address', async () => {
  server.manner = 'refuse_sender';
  expect(await channel.send(messageTo('ann@example.com'))).toMatchObject({
    state: 'failed',
    badAddress: false,
  });
  server.manner = 'accept';
});

test('a mail is signed where a DKIM key is given', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const signing = openEmailChannel({
    ...{ smtpUrl: server.url, from },
    dkim: { domainName: 'shop.example', keySelector: 'mail', privateKey: pem },
  });
  server.received.length = 0;
  await signing.send(messageTo('ann@example.com'));
  await signing.close();
  expect(server.received[0]).toMatch(/^DKIM-Signature: v=1;[^]*d=shop\.example;[^]*s=mail;/);
});

test('settings that cannot work are refused at once', () => {
  const code = 'channel.bad_settings';
  expect(() => openEmailChannel({ smtpUrl: 'localhost', from })).toThrowError(
    expect.objectContaining({ code }),
  );
  expect(() => openEmailChannel({ smtpUrl: server.url, from: { name: '', address: 'nobody' } })).toThrowError(
    expect.objectContaining({ code }),
  );
});
