import type { Work } from '@bellwether/contracts';
import type { Engagement } from '../engagement.ts';
import { advance } from '../journeys/advance.ts';
import { enrol } from '../journeys/enrol.ts';
import { runningJourneys, type RunningJourney } from '../journeys/running.ts';
import { wake } from '../journeys/wake.ts';
import { recover } from './claim.ts';
import { deliver, type Delivered } from './deliver.ts';
import { exportFeed } from './feed.ts';

/** What one pass of the worker did. */
export interface TickReport extends Delivered {
  /** Customers who came in, by arm. */
  treated: number;
  holdout: number;
  /** Enrolments that moved. */
  advanced: number;
  /** Rows that went to the warehouse. */
  exported: number;
}

const passes = new WeakMap<Engagement, Promise<unknown>>();

/**
 * One pass of the worker: tidy up after what went wrong, enrol, advance, deliver, tell the warehouse. Passes of one
 * engagement follow each other; other processes may pass at the same time.
 *
 * @example
 * const { sent, refused } = await tick(engagement);
 */
export function tick(engagement: Engagement, work: Work = {}): Promise<TickReport> {
  const before = passes.get(engagement) ?? Promise.resolve();
  const pass = before.then(() => onePass(engagement, work));
  passes.set(
    engagement,
    pass.catch(() => undefined),
  );
  return pass;
}

async function onePass(engagement: Engagement, work: Work): Promise<TickReport> {
  await engagement.identity.hold();
  await engagement.settlement.flush();
  const report = emptyReport();
  report.unknown += await recover(engagement);
  for (const journey of await runningJourneys(engagement)) {
    if (work.signal?.aborted === true) break;
    await passJourney(engagement, journey, report, work);
  }
  report.exported = await exportFeed(engagement);
  return report;
}

async function passJourney(
  engagement: Engagement,
  journey: RunningJourney,
  report: TickReport,
  work: Work,
): Promise<void> {
  const { treated, holdout } = await enrol(engagement, journey, work);
  report.treated += treated;
  report.holdout += holdout;
  await wake(engagement, journey);
  report.advanced += await advance(engagement, journey, work);
  const delivered = await deliver(engagement, journey, work);
  for (const state of Object.keys(delivered) as (keyof Delivered)[]) report[state] += delivered[state];
}

function emptyReport(): TickReport {
  return {
    ...{ treated: 0, holdout: 0, advanced: 0, exported: 0 },
    ...{ pending: 0, sent: 0, dry_run: 0, refused: 0, failed: 0, unknown: 0 },
  };
}
