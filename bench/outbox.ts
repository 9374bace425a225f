// What the outbox costs: the same mails through it and through a plain pool of SMTP connections, to a mail server in a
// process of its own that keeps nothing.
import { systemClock } from '@bellwether/contracts';
import {
  createAudience,
  createJourney,
  openEmailChannel,
  openEngagement,
  setJourneyState,
  tick,
  type Engagement,
  type EngagementStores,
} from '@bellwether/engagement';
import { clickhouseTime, type Warehouse } from '@bellwether/warehouse';
import nodemailer from 'nodemailer';
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent, seconds } from './lib/measure.ts';
import { withStores } from './lib/stores.ts';

const SIZES = [100, 1_000, 10_000];
const CONNECTIONS = 5;
const FROM = { name: 'Bench', address: 'bench@shop.example' };

export const bench: Bench = {
  title:
    'Outbox to SMTP: messages/s with guards, templates and delivery records, beside a bare nodemailer pool',
  run: report =>
    withStores(async ({ warehouse, records }) => {
      const sink = await startSink();
      const stores = { warehouse, records, clock: systemClock };
      const engagement = openEngagement({
        stores,
        channels: [openEmailChannel({ smtpUrl: sink.url, from: FROM, connections: CONNECTIONS })],
        links: { publicUrl: 'https://mail.shop.example', secret: randomUUID() },
        shop: { name: 'Bench', url: 'https://shop.example', currency: 'EUR', locale: 'en' },
      });
      try {
        await measure(engagement, stores, sink.url, report);
      } finally {
        await engagement.close();
        sink.stop();
      }
    }),
};

async function measure(
  engagement: Engagement,
  stores: EngagementStores,
  smtpUrl: string,
  report: Report,
): Promise<void> {
  const costs: [number, number][] = [];
  await sendPlain(smtpUrl, 50);
  for (const size of SIZES) {
    await fillMarket(stores.warehouse, size);
    await startMailing(engagement, size);
    const sent = { count: 0 };
    const ours = await seconds(async () => (sent.count = (await tick(engagement)).sent));
    const peer = await seconds(() => sendPlain(smtpUrl, size));
    costs.push([size, ours]);
    const quality = `${sent.count} sent of ${size}, each enrolled, guarded, rendered and recorded`;
    report({ work: `${size} messages`, ours: size / ours, peer: size / peer, unit: 'messages/s', quality });
  }
  report({ work: 'growth of cost with messages', ours: growthExponent(costs), unit: 'exponent' });
}

/** A market of its own for each size: customers who agreed, each with a score. */
async function fillMarket(warehouse: Warehouse, size: number): Promise<void> {
  const scored_at = clickhouseTime(systemClock.now());
  const run = { scenario: `bench-${size}`, version: 1, as_of: scored_at, scored_at };
  const ids = Array.from({ length: size }, (_, i) => `${size}-${i}`);
  const customers = ids.map(id => ({
    ...{
      customer_id: id,
      email: `c${id}@example.com`,
      name: `Customer ${id}`,
      email_consent: 1,
      traits: '{}',
    },
    ...{ aliases: [id], orders: 2 },
  }));
  const scores = ids.map(id => ({
    ...run,
    customer_id: id,
    probability: 0.5,
    low: 0.4,
    high: 0.6,
    chosen: true,
  }));
  await warehouse.insert('customers', customers, { token: randomUUID() });
  await warehouse.insert('scores', scores, { token: randomUUID() });
  await warehouse.insert('score_runs', [{ ...run, customers: size }], { token: randomUUID() });
}

async function startMailing(engagement: Engagement, size: number): Promise<void> {
  const definition = {
    scenario: `bench-${size}`,
    min_probability: 0,
    max_probability: 1,
    chosen_only: false,
  };
  const audience = await createAudience(engagement, { name: `${size}`, definition });
  const journey = await createJourney(engagement, {
    name: `${size}`,
    graph: {
      nodes: [
        { id: 'start', kind: 'enter', audience: audience.id, next: 'mail' },
        { id: 'mail', kind: 'email', template: 'thought-of-you-en', next: 'end' },
        { id: 'end', kind: 'exit' },
      ],
      ...{ holdout: 0, measure_days: 30, dry_run: false },
    },
  });
  await setJourneyState(engagement, journey.id, 'running');
}

/** The peer: the same pool, mails of the same size, no outbox, no template, nothing written down. */
async function sendPlain(smtpUrl: string, size: number): Promise<void> {
  const pool = nodemailer.createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: CONNECTIONS,
    maxMessages: 1_000,
  });
  const html = `<html><body>${'<p>We thought you might like these.</p>'.repeat(220)}</body></html>`;
  const mails = Array.from({ length: size }, (_, i) =>
    pool.sendMail({ from: FROM, to: `p${i}@example.com`, subject: 'Hello', html, text: 'Hello' }),
  );
  await Promise.all(mails);
  pool.close();
}

/** A mail server in another process. */
function startSink(): Promise<{ url: string; stop(): void }> {
  const child = fork(new URL('./lib/smtp-sink.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
  return new Promise((resolve, reject) => {
    child.once('message', port =>
      resolve({ url: `smtp://127.0.0.1:${Number(port)}`, stop: () => void child.kill() }),
    );
    child.once('exit', code => reject(new Error(`the mail server ended with ${code}`)));
  });
}
