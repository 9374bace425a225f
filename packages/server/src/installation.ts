import { systemClock, type Clock, type Status } from '@bellwether/contracts';
import { openEmailChannel, openEngagement, startWorker, type Engagement } from '@bellwether/engagement';
import { startEngines, type Engines } from '@bellwether/engines';
import { openCollection, type Collection, type ScheduleTerms, type Stores } from '@bellwether/pipeline';
import { migrateRecords, openRecords } from '@bellwether/records';
import { migrate, Warehouse } from '@bellwether/warehouse';
import { join } from 'node:path';
import { Keys } from './accounts/keys.ts';
import { ensureFirstUser } from './accounts/users.ts';
import { DemoClock } from './clock.ts';
import { demoJob } from './demo-stage.ts';
import { openSecrets, type Secrets } from './folder.ts';
import { jobHandlers } from './jobs/handlers.ts';
import { Jobs } from './jobs/jobs.ts';
import { startScheduleClock } from './jobs/schedule-clock.ts';
import { openLog, type Logger } from './log.ts';
import { addressOf } from './mail/address.ts';
import { openMailSink } from './mail/sink.ts';
import { Recommender } from './recommendation/live.ts';
import type { Settings } from './settings.ts';
import { Uploads } from './uploads.ts';
import { knownCurrency } from './read/currency.ts';

export interface InstallationOptions {
  settings: Settings;
  /** Where the server listens: links in mails lead there unless PUBLIC_URL says otherwise. */
  url: string;
  /** What time it is in the market; the demo's goes at its own pace. */
  clock?: Clock;
  /** Whether this is the demo market, whose journey may really be started and whose truth is known. */
  demo?: boolean;
}

/** Everything that runs, wired. */
export interface Installation {
  readonly settings: Settings;
  readonly demo: boolean;
  readonly url: string;
  readonly stores: Stores;
  /** The machine's own time: sessions, keys and jobs live by it, whatever time the market has. */
  readonly wall: Clock;
  readonly startedAt: number;
  readonly log: Logger;
  readonly engines: Engines;
  readonly collection: Collection;
  readonly engagement: Engagement;
  readonly recommender: Recommender;
  readonly jobs: Jobs;
  readonly keys: Keys;
  readonly uploads: Uploads;
  readonly secrets: Secrets;
  /** The first user with the password, at the start that created it; it is told once. */
  readonly firstSignIn: { email: string; password: string } | undefined;
  /** Begins to enrol, advance and deliver by itself; does nothing the second time. */
  startWorker(): void;
  /** Stops everything in reverse order. */
  close(): Promise<void>;
}

/** Steps that undo what was opened, in reverse, each whatever became of the others. */
class Closers {
  readonly #steps: [string, () => Promise<unknown> | void][] = [];
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  add(name: string, step: () => Promise<unknown> | void): void {
    this.#steps.push([name, step]);
  }

  async run(): Promise<void> {
    for (let next = this.#steps.pop(); next !== undefined; next = this.#steps.pop()) {
      const [name, step] = next;
      try {
        await step();
      } catch (error) {
        this.#log.error({ err: error }, `${name} did not close cleanly`);
      }
    }
  }
}

/**
 * The one place of wiring: engines, stores, collection, engagement, jobs. What was opened is closed again when a later
 * part cannot be.
 *
 * @throws AppError what the parts throw: `engines.folder_in_use`, `warehouse.newer` …
 */
export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  const log = openLog(options.settings);
  const closers = new Closers(log);
  try {
    return await wire(options, log, closers);
  } catch (error) {
    await closers.run();
    throw error;
  }
}

async function wire(options: InstallationOptions, log: Logger, closers: Closers): Promise<Installation> {
  const { settings, url, clock = systemClock, demo = false } = options;
  const startedAt = systemClock.now();
  const engines = await openEngines(settings, log, closers);
  const secrets = openSecrets(settings.data);
  const stores = await openStores(engines, clock, closers);
  const keys = new Keys(stores.records, systemClock);
  await keys.adopt(secrets.admin_key, 'this machine', ['admin']);
  await keys.adopt(secrets.write_key, 'first write key', ['track']);
  const first = { email: settings.adminEmail, locale: settings.locale };
  const firstSignIn = await ensureFirstUser(stores.records, systemClock, first);
  const recommender = new Recommender({ stores, log });
  closers.add('recommender', () => recommender.close());
  const collection = await openCollection({
    ...{ folder: join(settings.data, 'collection'), warehouse: stores.warehouse, clock },
    onAccepted: lines => recommender.hear(lines),
    log: line => log.info({ part: 'collection' }, line),
  });
  closers.add('collection', () => collection.close());
  const engagement = await wireEngagement({ settings, url, secrets, stores, collection, log }, closers);
  const handlers = jobHandlers({ settings, stores, engagement, collection, demo });
  const jobs = new Jobs({
    ...{ records: stores.records, clock: systemClock, node: secrets.node, handlers },
    onError: (error, job) => log.error({ err: error, job: job.name, id: job.id }, 'a job failed'),
  });
  closers.add('jobs', () => jobs.stop());
  const uploads = new Uploads(join(settings.data, 'uploads'), settings.uploadBytes);
  const installation: Installation = {
    ...{ settings, demo, url, stores, wall: systemClock, startedAt, log, engines, collection, engagement },
    ...{ jobs, keys, uploads, secrets, firstSignIn, recommender },
    startWorker: workerOf({ engagement, stores, jobs, log, settings, demo }, closers),
    close: () => closers.run(),
  };
  if (clock instanceof DemoClock) handlers['demo'] = demoJob(installation, clock);
  await jobs.start();
  return installation;
}

async function openEngines(settings: Settings, log: Logger, closers: Closers): Promise<Engines> {
  const engines = await startEngines({
    dataFolder: settings.data,
    ...(settings.warehouseUrl === undefined ? {} : { warehouseUrl: settings.warehouseUrl }),
    ...(settings.recordsUrl === undefined ? {} : { recordsUrl: settings.recordsUrl }),
    log: line => log.info({ part: 'engines' }, line),
  });
  closers.add('engines', () => engines.stop());
  return engines;
}

async function openStores(engines: Engines, clock: Clock, closers: Closers): Promise<Stores> {
  const warehouse = new Warehouse({ url: engines.warehouseUrl });
  closers.add('warehouse', () => warehouse.close());
  const records = openRecords({ url: engines.recordsUrl });
  closers.add('records', () => records.destroy());
  await Promise.all([migrate(warehouse), migrateRecords(records)]);
  return { warehouse, records, clock };
}

interface EngagementParts {
  settings: Settings;
  url: string;
  secrets: Secrets;
  stores: Stores;
  collection: Collection;
  log: Logger;
}

/** Mail goes to SMTP_URL, or, without one, to a sink of our own. What recipients do is collected like other events. */
async function wireEngagement(parts: EngagementParts, closers: Closers): Promise<Engagement> {
  const { settings, stores, collection, log } = parts;
  const { shopName: name, shopUrl, locale } = settings;
  const engagement = openEngagement({
    stores,
    channels: [
      openEmailChannel({
        smtpUrl: settings.smtpUrl ?? (await sinkUrl(parts, closers)),
        from: addressOf(settings.mailFrom),
      }),
    ],
    links: { publicUrl: settings.publicUrl ?? parts.url, secret: parts.secrets.link_secret },
    shop: {
      name,
      locale,
      currency: knownCurrency(settings),
      ...(shopUrl === undefined ? {} : { url: shopUrl }),
    },
    emit: async batch =>
      void (await collection.receive('batch', Buffer.from(JSON.stringify({ batch })), 'engagement')),
    log: (what, detail) => log.info({ part: 'engagement', ...detail }, what),
  });
  closers.add('engagement', () => engagement.close());
  return engagement;
}

async function sinkUrl({ settings, stores, log }: EngagementParts, closers: Closers): Promise<string> {
  const sink = await openMailSink({
    records: stores.records,
    clock: stores.clock,
    keep: settings.sinkMails,
    log,
  });
  closers.add('mail sink', () => sink.close());
  return sink.url;
}

interface WorkerParts {
  engagement: Engagement;
  stores: Stores;
  jobs: Jobs;
  log: Logger;
  settings: Settings;
  demo: boolean;
}

/** Starts what goes on by itself: journeys and their messages, and the schedules of scenarios. */
function workerOf(
  { engagement, stores, jobs, log, settings, demo }: WorkerParts,
  closers: Closers,
): () => void {
  let started = false;
  return () => {
    if (started) return;
    started = true;
    const worker = startWorker(engagement, { everyMs: 1000 });
    closers.add('worker', () => worker.stop());
    const isLive = (): boolean => !(stores.clock instanceof DemoClock) || stores.clock.isLive;
    const schedules = startScheduleClock({ stores, jobs, log, isLive, terms: termsOf({ settings, demo }) });
    closers.add('schedules', () => schedules.stop());
  };
}

/** How schedules are meant here: in the shop's zone, and in the demo only where somebody switched them on. */
export function termsOf({ settings, demo }: { settings: Settings; demo: boolean }): ScheduleTerms {
  return { timezone: settings.timezone, byDefault: !demo };
}

/** What the status page tells. */
export function statusOf(installation: Installation, version: string): Status {
  const { engines, collection, settings, demo, wall, startedAt } = installation;
  return {
    version,
    started_at: new Date(startedAt).toISOString(),
    now: new Date(wall.now()).toISOString(),
    demo,
    data_folder: settings.data,
    engines: engines.states(),
    journal: collection.state(),
    warnings: engines.warnings(),
  };
}
