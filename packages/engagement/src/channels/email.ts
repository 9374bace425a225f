import nodemailer, { type SendMailOptions, type Transporter } from 'nodemailer';
import { AppError, SECOND } from '@bellwether/contracts';
import { normaliseAddress } from '@bellwether/privacy';
import type { Readable } from 'node:stream';
import type { Channel, Outcome, OutgoingMessage } from './channel.ts';
import { outcomeOf } from './smtp-outcome.ts';

export interface DkimKey {
  domainName: string;
  keySelector: string;
  /** PEM. */
  privateKey: string;
}

export interface EmailSettings {
  /** `smtp://user:password@host:port` or `smtps://…`. */
  smtpUrl: string;
  from: { name: string; address: string };
  dkim?: DkimKey;
  /** Connections held open to the server. */
  connections?: number;
}

/**
 * E-mail over a pool of SMTP connections: multipart, one-click unsubscription (RFC 8058), a Message-ID made of the key.
 *
 * @throws AppError `channel.bad_settings` when the URL or the sender cannot be used
 * @example
 * const email = openEmailChannel({ smtpUrl: 'smtp://127.0.0.1:1025', from: { name: 'Shop', address: 'hello@shop.example' } });
 * await email.send(message); // { state: 'sent' }
 */
export function openEmailChannel(settings: EmailSettings): Channel {
  const sender = normaliseAddress('email', settings.from.address);
  if (sender === undefined)
    throw new AppError('channel.bad_settings', `the sender "${settings.from.address}" is no e-mail address`);
  const from = { name: oneLine(settings.from.name), address: sender };
  const transport = openTransport(settings);
  const bodies = watchBodies(transport);
  return {
    name: 'email',
    send: message => deliver(transport, bodies, mailOf(message, from)),
    close: async () => transport.close(),
  };
}

function openTransport(settings: EmailSettings): Transporter {
  if (!/^smtps?:\/\/[^/]/.test(settings.smtpUrl))
    throw new AppError('channel.bad_settings', 'the SMTP URL should look like smtp://user:password@host:587');
  return nodemailer.createTransport({
    url: settings.smtpUrl,
    pool: true,
    maxConnections: settings.connections ?? 5,
    maxMessages: 1_000,
    // a message whose connection closed is ours to judge: the pool must not send it again by itself
    maxRequeues: 0,
    connectionTimeout: 15 * SECOND,
    greetingTimeout: 15 * SECOND,
    socketTimeout: 60 * SECOND,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(settings.dkim === undefined ? {} : { dkim: settings.dkim }),
  });
}

/** The bodies that were made for each mail on its way, by its Message-ID. */
type Bodies = Map<string, Readable[]>;

/** Remembers them: a body that was read has begun to leave. */
function watchBodies(transport: Transporter): Bodies {
  const bodies: Bodies = new Map();
  transport.use('stream', (mail, done) => {
    const made = bodies.get(mail.message.messageId());
    const create = mail.message.createReadStream.bind(mail.message);
    mail.message.createReadStream = (...args) => {
      const body = create(...args);
      made?.push(body);
      return body;
    };
    done();
  });
  return bodies;
}

async function deliver(transport: Transporter, bodies: Bodies, mail: SentMail): Promise<Outcome> {
  const made: Readable[] = [];
  bodies.set(mail.messageId, made);
  try {
    await transport.sendMail(mail);
    return { state: 'sent' };
  } catch (error) {
    return outcomeOf(
      error,
      made.some(body => body.readableDidRead),
    );
  } finally {
    bodies.delete(mail.messageId);
  }
}

type SentMail = SendMailOptions & { messageId: string };

function mailOf(message: OutgoingMessage, from: { name: string; address: string }): SentMail {
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  return {
    from,
    to: { name: oneLine(message.to.name), address: message.to.address },
    subject: oneLine(message.subject),
    html: message.html,
    text: message.text,
    messageId: `<${message.key.replaceAll(/[^A-Za-z0-9_-]/g, '.')}@${domain}>`,
    headers: {
      'List-Unsubscribe': `<${message.unsubscribeUrl}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  };
}

/** Text of people on one line, without control characters: a header cannot be broken out of. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
