import { SECOND, type Milliseconds, type SchedulePiece } from '@bellwether/contracts';
import { askDue, endCutOffRuns, type Due, type ScheduleTerms, type Stores } from '@bellwether/pipeline';
import { scenarios } from '@bellwether/scenarios';
import type { Logger } from '../log.ts';
import type { Jobs } from './jobs.ts';

/** Work that each piece of a schedule asks for. */
const WORK: Record<SchedulePiece, string> = { changed: 'score_changed', all: 'daily', train: 'train_due' };
const LOOK: Milliseconds = 20 * SECOND;

export interface ScheduleClockOptions {
  stores: Stores;
  jobs: Jobs;
  terms: ScheduleTerms;
  log: Logger;
  /** Whether the market's clock runs; a market that is being played has no schedule. */
  isLive: () => boolean;
}

/** The pieces of all schedules that are due at the clock's moment, asked for as jobs. */
export async function askScheduled({
  stores,
  jobs,
  terms,
  isLive,
}: Omit<ScheduleClockOptions, 'log'>): Promise<Due[]> {
  if (!isLive()) return [];
  const names = scenarios.map(({ name }) => name);
  return askDue(stores, names, terms, async ({ scenario, piece }, transaction) => {
    const always = piece === 'train' && (await isWeekly(stores, scenario));
    return jobs.enqueueWithin(transaction, WORK[piece], scenario, { cause: 'schedule', always });
  });
}

async function isWeekly({ records }: Stores, scenario: string): Promise<boolean> {
  const row = await records
    .selectFrom('scenario_schedules')
    .select('schedule')
    .where('scenario', '=', scenario)
    .executeTakeFirst();
  return row?.schedule.train === 'weekly';
}

/** Looks at the schedules for as long as the server runs. */
export function startScheduleClock(options: ScheduleClockOptions): { stop(): Promise<void> } {
  let looking: Promise<unknown> = endCutOffRuns(options.stores);
  const look = (): void => {
    looking = looking
      .then(() => askScheduled(options))
      .catch((error: unknown) => options.log.error({ err: error }, 'the schedules could not be looked at'));
  };
  const timer = setInterval(look, LOOK).unref();
  return {
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}
