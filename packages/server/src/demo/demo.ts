import { DAY, type Milliseconds, type Work } from '@bellwether/contracts';
import { catalogueCsv, createMarket, publish, type Market, type PublicApi } from '@bellwether/simulator';
import type { DemoClock } from '../clock.ts';
import { readMails, type SentMail } from './mailbox.ts';

/** What the demo market needs of an installation: what a shop's pages, its owner and its customers can reach. */
export interface DemoStage {
  clock: DemoClock;
  api: PublicApi;
  /** The owner brings in the catalogue, a CSV file. */
  bringCatalogue(csv: string): Promise<void>;
  /** Everything acknowledged so far is in the warehouse. */
  drained(): Promise<void>;
  /** Prepare, learn, score, and make sure of the default audience and journey. Gives the journey's id. */
  runLoop(work: Work): Promise<string>;
  /** The owner approves: mail after a day's wait, a share held out for good. */
  startJourney(
    journeyId: string,
    change: { waitDays: number; holdout: number; measureDays: number },
  ): Promise<void>;
  /** One pass of the worker at the clock's moment. */
  tick(): Promise<void>;
  /** User ids of everybody who entered, whichever arm. */
  enrolled(journeyId: string): Promise<string[]>;
  /** Mails that reached the sink since the last call. */
  newMails(): Promise<SentMail[]>;
  keepTruth(journeyId: string, lift: number): Promise<void>;
}

export interface DemoPlan {
  seed: number;
  customers: number;
  products: number;
  /** Days before the first mail, to learn from. */
  historyDays: number;
  /** Days after it, in which the effect is measured. */
  measureDays: number;
  waitDays: number;
  holdout: number;
}

export const DEMO_PLAN: DemoPlan = {
  seed: 7,
  customers: 3000,
  products: 160,
  historyDays: 240,
  measureDays: 14,
  waitDays: 1,
  holdout: 0.3,
};

/** Futures played for the true effect; its error is then far below the measured interval. */
const FUTURES = 8;
const MORNING: Milliseconds = DAY / 3;

/** Where the demo's clock must stand before anything is played, so that its last day ends at the last midnight. */
export function demoStart(now: Milliseconds, plan: DemoPlan = DEMO_PLAN): Milliseconds {
  return Math.floor(now / DAY) * DAY - (plan.historyDays + plan.measureDays + plan.waitDays) * DAY;
}

/**
 * Plays the demo market through the public doors: history, the loop, a journey whose mails the customers read and act
 * upon, and the loop once more on what came of it. Ends with the clock at the present.
 */
export async function runDemo(
  stage: DemoStage,
  start: Milliseconds,
  work: Work = {},
  plan: DemoPlan = DEMO_PLAN,
): Promise<void> {
  const days = plan.historyDays + plan.measureDays + plan.waitDays;
  const market = createMarket({
    seed: plan.seed,
    customers: plan.customers,
    products: plan.products,
    start,
    days,
  });
  const tell = (step: string, done: number, total: number): void =>
    work.onProgress?.({ step, done, total, unit: 'days' });

  await stage.bringCatalogue(catalogueCsv(market.products, start));
  for (let day = 0; day < plan.historyDays; day++) {
    work.signal?.throwIfAborted();
    await playDay(market, stage);
    tell('demo.history', day + 1, plan.historyDays);
  }
  await stage.drained();
  const journeyId = await stage.runLoop(work);
  await stage.startJourney(journeyId, plan);
  await stage.tick();
  await stage.keepTruth(journeyId, await truthOf(market, stage, journeyId, plan));

  const live = plan.measureDays + plan.waitDays;
  for (let day = 0; day < live; day++) {
    work.signal?.throwIfAborted();
    await playMorning(market, stage);
    await playDay(market, stage);
    tell('demo.live', day + 1, live);
  }
  await stage.drained();
  stage.clock.goLive();
  await stage.runLoop(work);
}

/** A day of the shop: its visitors' pages call the tracking API, and the clock stands at the day's end. */
async function playDay(market: Market, stage: DemoStage): Promise<void> {
  const events = market.nextDay();
  stage.clock.advanceTo(market.midnight);
  await publish(events, stage.api);
}

/** Mails go out in the morning, and those who read them do so before the day's shopping. */
async function playMorning(market: Market, stage: DemoStage): Promise<void> {
  stage.clock.advanceTo(market.midnight + MORNING);
  await stage.tick();
  await readMails(market, await stage.newMails());
  await stage.tick();
}

async function truthOf(market: Market, stage: DemoStage, journeyId: string, plan: DemoPlan): Promise<number> {
  const userIds = await stage.enrolled(journeyId);
  const question = {
    userIds,
    wait: plan.waitDays,
    days: plan.measureDays,
    futures: FUTURES,
    seed: plan.seed,
  };
  return market.trueLift(question).lift;
}
