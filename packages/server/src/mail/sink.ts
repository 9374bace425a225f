import { AppError, type Clock, type Mail } from '@bellwether/contracts';
import type { Records, Selectable, SinkMailsTable } from '@bellwether/records';
import { sql } from '@bellwether/records';
import { simpleParser, type AddressObject, type ParsedMail } from 'mailparser';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { SMTPServer } from 'smtp-server';
import type { Logger } from '../log.ts';

export interface SinkOptions {
  records: Records;
  clock: Clock;
  /** How many mails are kept; the oldest go first. */
  keep: number;
  log: Logger;
}

export interface MailSink {
  /** `smtp://127.0.0.1:PORT`, for whoever sends. */
  url: string;
  close(): Promise<void>;
}

const LARGEST_MAIL = 10 * 1024 ** 2;
/** Old mails are swept once in so many. */
const SWEEP = 200;

/**
 * A real SMTP server on loopback that delivers nothing: it keeps what it is given where the console can read it. A mail
 * is accepted once its row is durable.
 */
export async function openMailSink(options: SinkOptions): Promise<MailSink> {
  let received = 0;
  const keep = async (stream: Readable): Promise<void> => {
    await store(options, await simpleParser(stream));
    if (received++ % SWEEP === 0) await sweep(options);
  };
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: LARGEST_MAIL,
    banner: 'Bellwether mail sink',
    onData(stream, _session, done) {
      keep(stream).then(
        () => done(null),
        (error: unknown) => {
          options.log.error({ err: error }, 'the mail sink could not keep a mail');
          done(Object.assign(new Error('the mail could not be kept; try again'), { responseCode: 451 }));
        },
      );
    },
  });
  // a client that goes away in the middle is no fault of the server
  server.on('error', error => options.log.debug({ err: error }, 'a mail client broke off'));
  await new Promise<void>(listening => void server.listen(0, '127.0.0.1', listening));
  // it listens on a port, not on a socket's path
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise(closed => server.close(() => closed())),
  };
}

async function store({ records, clock }: SinkOptions, mail: ParsedMail): Promise<void> {
  const row = {
    mail_to: addressOf(mail.to),
    mail_from: addressOf(mail.from),
    subject: mail.subject ?? '',
    html: mail.html || '',
    body: mail.text ?? '',
    headers: JSON.stringify(
      Object.fromEntries(mail.headerLines.map(({ key, line }) => [key, valueOf(line)])),
    ),
    at: new Date(clock.now()),
  };
  await records.insertInto('sink_mails').values(row).execute();
}

function addressOf(address: AddressObject | AddressObject[] | undefined): string {
  const list = Array.isArray(address) ? address : [address];
  return list.flatMap(one => one?.value.map(({ address }) => address ?? '') ?? []).join(', ');
}

/** A header's text behind its name, unfolded. */
function valueOf(line: string): string {
  return line
    .slice(line.indexOf(':') + 1)
    .replaceAll(/\r?\n[ \t]+/g, ' ')
    .trim();
}

async function sweep({ records, keep }: SinkOptions): Promise<void> {
  await records
    .deleteFrom('sink_mails')
    .where('id', '<=', eb => eb.selectFrom('sink_mails').select(sql<number>`max(id) - ${keep}`.as('last')))
    .execute();
}

/** Mails of the sink, the newest first. */
export async function listMails(
  records: Records,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ rows: Mail[]; total: number }> {
  const rows = await records
    .selectFrom('sink_mails')
    .select(['id', 'mail_to', 'mail_from', 'subject', 'at'])
    .orderBy('id', 'desc')
    .offset(offset)
    .limit(limit)
    .execute();
  const { total } = await records
    .selectFrom('sink_mails')
    .select(sql<number>`count(*)`.as('total'))
    .executeTakeFirstOrThrow();
  return { rows: rows.map(mailOf), total };
}

export type WholeMail = Mail & { html: string; text: string; headers: Record<string, string> };

/** @throws AppError `mail.unknown` */
export async function getMail(records: Records, id: string): Promise<WholeMail> {
  const row = /^\d{1,15}$/.test(id)
    ? await records.selectFrom('sink_mails').selectAll().where('id', '=', Number(id)).executeTakeFirst()
    : undefined;
  if (row === undefined) throw new AppError('mail.unknown', `the sink has no mail ${id}`);
  return { ...mailOf(row), html: row.html, text: row.body, headers: row.headers };
}

/** Mails behind one id, oldest first: what came since. */
export async function mailsSince(
  records: Records,
  id: number,
): Promise<{ id: number; to: string; html: string }[]> {
  return records
    .selectFrom('sink_mails')
    .select(['id', 'mail_to as to', 'html'])
    .where('id', '>', id)
    .orderBy('id')
    .execute();
}

function mailOf(
  row: Pick<Selectable<SinkMailsTable>, 'id' | 'mail_to' | 'mail_from' | 'subject' | 'at'>,
): Mail {
  const { id, mail_to, mail_from, subject, at } = row;
  return { id: String(id), to: mail_to, from: mail_from, subject, at: at.toISOString() };
}
