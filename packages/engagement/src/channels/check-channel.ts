import { describe, expect, test } from 'vitest';
import type { Channel, OutgoingMessage } from './channel.ts';

/** The other side of a channel, which a test can make behave well or badly. */
export interface FarEnd {
  open(): Channel | Promise<Channel>;
  /** Keys of what it accepted. */
  accepted(): string[] | Promise<string[]>;
  behave(manner: 'accept' | 'later' | 'never' | 'bad_address' | 'lost'): void | Promise<void>;
  /** Nobody answers any more. */
  close(): Promise<void>;
}

export function messageTo(address: string, changes: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return {
    key: '17:first:1',
    to: { name: 'Ann 安', address },
    subject: 'Tea, we thought 茶',
    html: '<p>Hello Ann</p>',
    text: 'Hello Ann',
    unsubscribeUrl: 'https://mail.shop.example/u/token',
    ...changes,
  };
}

/**
 * What every channel must do: tell taken over from not taken over from not known, and never by throwing.
 *
 * @param start a fresh far end for each test
 * @example
 * checkChannel('e-mail', startSmtpFarEnd);
 */
export function checkChannel(name: string, start: () => Promise<FarEnd>): void {
  const run = (what: string, then: (channel: Channel, farEnd: FarEnd) => Promise<void>): void =>
    test(what, async () => {
      const farEnd = await start();
      const channel = await farEnd.open();
      try {
        await then(channel, farEnd);
      } finally {
        await channel.close();
        await farEnd.close();
      }
    });
  const message = messageTo('ann@example.com');

  describe(`${name}, as every channel`, () => {
    run('says sent when the other side took the message over, once', async (channel, farEnd) => {
      expect(await channel.send(message)).toEqual({ state: 'sent' });
      expect(await farEnd.accepted()).toEqual([message.key]);
    });
    run('carries many at once, each of them once', async (channel, farEnd) => {
      const keys = Array.from({ length: 60 }, (_, i) => `${i}:first:1`);
      const outcomes = await Promise.all(keys.map(key => channel.send({ ...message, key })));
      expect(outcomes.every(outcome => outcome.state === 'sent')).toBe(true);
      expect((await farEnd.accepted()).sort()).toEqual([...keys].sort());
    });
    run('says retry when the other side asks for patience', async (channel, farEnd) => {
      await farEnd.behave('later');
      expect(await channel.send(message)).toMatchObject({ state: 'retry' });
      await farEnd.behave('accept');
      expect(await channel.send(message)).toEqual({ state: 'sent' });
    });
    run(
      'says failed when the other side refuses, and whether the address is at fault',
      async (channel, farEnd) => {
        await farEnd.behave('never');
        expect(await channel.send(message)).toMatchObject({ state: 'failed', badAddress: false });
        await farEnd.behave('bad_address');
        expect(await channel.send(message)).toMatchObject({ state: 'failed', badAddress: true });
        expect(await farEnd.accepted()).toEqual([]);
      },
    );
    run(
      'says unknown when the line was lost with the message on it, and does not try again',
      async (channel, farEnd) => {
        await farEnd.behave('lost');
        expect(await channel.send(message)).toMatchObject({ state: 'unknown' });
        await farEnd.behave('accept');
        expect(await farEnd.accepted()).toEqual([]);
      },
    );
    run('says retry when nobody is there', async (channel, farEnd) => {
      await farEnd.close();
      expect(await channel.send(message)).toMatchObject({ state: 'retry' });
    });
  });
}
