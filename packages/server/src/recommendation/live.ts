import {
  AppError,
  SECOND,
  type Milliseconds,
  type RecommendationQuery,
  type Recommendations,
  type RecommendationSettings,
} from '@bellwether/contracts';
import type { Stores } from '@bellwether/pipeline';
import { objectors } from '@bellwether/privacy';
import {
  deedsOf,
  deedsSince,
  LiveRecommendations,
  readServingState,
  recommendationSettings,
  TELLING,
} from '@bellwether/scenarios';
import { randomUUID } from 'node:crypto';
import type { Logger } from '../log.ts';

export interface RecommenderOptions {
  stores: Stores;
  log: Logger;
  /** Between two looks at what other nodes took in, promoted or ruled. */
  everyMs?: number;
}

/** How long the state in memory is good for: then catalogue, stock and histories are read again. */
const RENEW: Milliseconds = 300 * SECOND;
/** Events may take so long from their arrival to the warehouse. */
const LAG: Milliseconds = 10 * SECOND;

/**
 * Recommendations of this node, in memory. It begins to read the stores at the first question, hears of this node's events as
 * they are acknowledged, and looks every second for those of other nodes, for another champion and for new rules.
 */
export class Recommender {
  readonly #options: RecommenderOptions;
  #live: Promise<LiveRecommendations> | undefined;
  #ready: LiveRecommendations | undefined;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #readAt: Milliseconds = 0;
  #heardUntil: Milliseconds = 0;
  #known = '';
  #closed = false;

  constructor(options: RecommenderOptions) {
    this.#options = options;
  }

  /** @throws AppError what the stores throw, at the first question only */
  async answer(query: RecommendationQuery): Promise<Recommendations> {
    const live = this.#ready ?? (await this.#start());
    return { request_id: randomUUID(), ...live.answer(query, this.#options.stores.clock.now()) };
  }

  /** As `answer`, under other rules for this once. */
  async preview(query: RecommendationQuery, settings?: RecommendationSettings): Promise<Recommendations> {
    const live = this.#ready ?? (await this.#start());
    const now = this.#options.stores.clock.now();
    const answer = settings === undefined ? live.answer(query, now) : live.answerUnder(settings, query, now);
    return { request_id: randomUUID(), ...answer };
  }

  /** Lines of events that were acknowledged just now. */
  hear(lines: Buffer): void {
    const live = this.#ready;
    if (live === undefined || !NAMES.some(name => lines.includes(name))) return;
    for (const line of lines.toString().split('\n')) {
      if (line === '' || !NAMES.some(name => line.includes(name))) continue;
      const event = JSON.parse(line) as { at: string }; // a line that collection wrote
      for (const deed of deedsOf(event, Date.parse(`${event.at.replace(' ', 'T')}Z`))) live.told(deed);
    }
  }

  /** Looks now for what is new, as it does every second by itself. */
  refresh(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#look());
    return this.#turn;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#turn;
  }

  #start(): Promise<LiveRecommendations> {
    if (this.#closed) throw new AppError('recommendation.closed', 'the server is stopping');
    this.#live ??= this.#open();
    this.#live.catch(() => (this.#live = undefined));
    return this.#live;
  }

  async #open(): Promise<LiveRecommendations> {
    const { stores } = this.#options;
    this.#readAt = stores.clock.now();
    this.#known = await this.#stamp();
    const live = new LiveRecommendations(await readServingState(stores, await objectors(stores)));
    this.#ready = live;
    this.#heardUntil = this.#readAt - LAG;
    await this.refresh();
    this.#again();
    return live;
  }

  #again(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(
      () => void this.refresh().then(() => this.#again()),
      this.#options.everyMs ?? SECOND,
    );
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const live = this.#ready;
    if (live === undefined || this.#closed) return;
    try {
      await this.#renew(live);
      await this.#listen(live);
    } catch (error) {
      this.#options.log.warn(
        { err: error, part: 'recommendation' },
        'what is new could not be read; again in a second',
      );
    }
  }

  async #renew(live: LiveRecommendations): Promise<void> {
    const { stores } = this.#options;
    const [stamp, now] = [await this.#stamp(), stores.clock.now()];
    if (stamp === this.#known && now - this.#readAt < RENEW && !live.stale) return;
    const state = await readServingState(stores, await objectors(stores));
    live.renew(state);
    [this.#known, this.#readAt] = [stamp, now];
  }

  /** Events of every node, from a little before the last look on: what was heard before does not count twice. */
  async #listen(live: LiveRecommendations): Promise<void> {
    const now = this.#options.stores.clock.now();
    for (const deed of await deedsSince(this.#options.stores, this.#heardUntil)) live.told(deed);
    this.#heardUntil = now - LAG;
  }

  /** Changes when another version is in use or other rules hold. */
  async #stamp(): Promise<string> {
    const { records } = this.#options.stores;
    const champion = await records
      .selectFrom('model_versions')
      .select('version')
      .where('scenario', '=', 'recommendation')
      .where('state', '=', 'champion')
      .executeTakeFirst();
    return JSON.stringify([champion?.version ?? 0, await recommendationSettings(records)]);
  }
}

const NAMES = Object.keys(TELLING);
