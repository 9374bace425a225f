import { AppError, type Clock, type Milliseconds, type TrackingEvent } from '@bellwether/contracts';
import type { Records } from '@bellwether/records';
import type { Warehouse } from '@bellwether/warehouse';
import type { Channel } from './channels/channel.ts';
import type { FrequencyCap, QuietHours } from './delivery/guards.ts';
import { WorkerIdentity } from './delivery/identity.ts';
import { Settlement } from './delivery/settlement.ts';
import { openLinks, type LinkSettings, type Links } from './links/links.ts';
import { TemplateCache } from './templates/cache.ts';

export interface EngagementStores {
  warehouse: Warehouse;
  records: Records;
  clock: Clock;
}

/** How the shop presents itself in a message. */
export interface Shop {
  name: string;
  /** Where its customers shop; links of templates start from it. */
  url?: string;
  /** ISO 4217, for the figures of results. */
  currency: string;
  /** The language of messages to people whose own is not known. */
  locale: 'en' | 'zh-CN';
}

export type Log = (what: string, detail: Readonly<Record<string, unknown>>) => void;

export interface EngagementOptions {
  stores: EngagementStores;
  channels: readonly Channel[];
  links: LinkSettings;
  shop: Shop;
  /** How many marketing messages a person gets at most within a time; one a day unless said otherwise. */
  frequencyCap?: FrequencyCap;
  /** Until when a message to a person must wait; nobody waits unless this says so. */
  quietHours?: QuietHours;
  /**
   * Hears what recipients did (`Email Opened`, `Email Link Clicked`, `Unsubscribed`) and what was sent, so that it can
   * be collected like any other event. Called again after a crash with the same `messageId`.
   */
  emit?: (events: readonly TrackingEvent[]) => Promise<void>;
  log?: Log;
}

/** Everything that audiences, journeys and delivery work with. */
export interface Engagement {
  readonly stores: EngagementStores;
  readonly channels: readonly Channel[];
  readonly links: Links;
  readonly shop: Shop;
  readonly frequencyCap: FrequencyCap;
  readonly quietHours: QuietHours;
  readonly emit: (events: readonly TrackingEvent[]) => Promise<void>;
  readonly log: Log;
  readonly templates: TemplateCache;
  /** Who this process is to other workers. */
  readonly identity: WorkerIdentity;
  /** What happened to messages and is not written down yet. */
  readonly settlement: Settlement;
  /** Closes the channels and gives the identity up; the stores stay open. */
  close(): Promise<void>;
}

const ONE_A_DAY: FrequencyCap = { messages: 1, within: 24 * 60 * 60 * 1000 };
const NEVER_QUIET: QuietHours = (): Milliseconds | undefined => undefined;

/**
 * Makes engagement ready; nothing is read or sent before a function is called with it.
 *
 * @throws AppError `engagement.weak_secret` when links would be signed with less than 32 characters
 * @example
 * const engagement = openEngagement({
 *   stores: { warehouse, records, clock: systemClock },
 *   channels: [openEmailChannel({ smtpUrl: 'smtp://127.0.0.1:1025', from: { name: 'Shop', address: 'hello@shop.example' } })],
 *   links: { publicUrl: 'https://shop.example', secret },
 *   shop: { name: 'Shop', currency: 'EUR', locale: 'en' },
 * });
 * const worker = startWorker(engagement, { everyMs: 1000 });
 */
export function openEngagement(options: EngagementOptions): Engagement {
  const { stores, channels, shop } = options;
  const identity = new WorkerIdentity(stores.records);
  return {
    stores,
    channels,
    shop,
    links: openLinks(options.links),
    frequencyCap: options.frequencyCap ?? ONE_A_DAY,
    quietHours: options.quietHours ?? NEVER_QUIET,
    emit: options.emit ?? (async () => undefined),
    log: options.log ?? (() => undefined),
    templates: new TemplateCache(),
    identity,
    settlement: new Settlement(stores),
    close: async () => {
      await Promise.all(channels.map(channel => channel.close()));
      await identity.release();
    },
  };
}

/** The moment by engagement's clock, as the records keep it. */
export const nowOf = (engagement: Engagement): Date => new Date(engagement.stores.clock.now());

/**
 * The channel of that name.
 *
 * @throws AppError `engagement.no_channel` when none was opened
 */
export function channelOf(engagement: Engagement, name: string): Channel {
  const channel = engagement.channels.find(candidate => candidate.name === name);
  if (channel !== undefined) return channel;
  const known = engagement.channels.map(candidate => candidate.name).join(', ') || 'none';
  throw new AppError('engagement.no_channel', `no channel "${name}" is set up (there is: ${known})`);
}
