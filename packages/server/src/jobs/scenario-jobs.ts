import type { RunCause, RunWhat, Work } from '@bellwether/contracts';
import {
  judgeOutcomes,
  lastPreparation,
  prepare,
  scenarioPage,
  tracked,
  type Scenario,
  type Stores,
} from '@bellwether/pipeline';
import { objectors } from '@bellwether/privacy';
import { clickhouseTime } from '@bellwether/warehouse';
import { shopSettings } from '../read/currency.ts';
import { scenarioNamed } from '../read/scenario.ts';
import type { WorkParts } from './handlers.ts';
import type { JobHandler, JobToRun } from './jobs.ts';

/** Work of scenarios, each run of it kept as a row. Its job's `cause` says who asked. */
export function scenarioJobs(parts: WorkParts): Record<string, JobHandler> {
  return {
    train: scenarioJob(parts, 'train', trainOne),
    score: scenarioJob(parts, 'apply', async (stores, scenario, work) => ({
      ...(await scenario.apply(stores, { exclude: await objectors(stores) }, work)),
    })),
    score_changed: {
      resumes: false,
      async run(job, work) {
        await prepareNew(parts, work);
        return one(parts, job, 'apply', async stores => ({
          ...(await scenarioNamed(job.subject).apply(
            stores,
            { exclude: await objectors(stores), changed: true },
            work,
          )),
        }));
      },
    },
    judge: scenarioJob(parts, 'judge', async (stores, scenario, work) => ({
      judged: await judgeOutcomes(stores, scenario, { exclude: await objectors(stores) }, work),
    })),
    daily: { resumes: false, run: (job, work) => daily(parts, job, work) },
    train_due: { resumes: false, run: (job, work) => trainIfAdvised(parts, job, work) },
  };
}

type One = (stores: Stores, scenario: Scenario, work: Work) => Promise<Record<string, unknown>>;

function scenarioJob(parts: WorkParts, what: RunWhat, run: One): JobHandler {
  return {
    resumes: false,
    run: (job, work) => one(parts, job, what, stores => run(stores, scenarioNamed(job.subject), work)),
  };
}

function one(
  { stores }: WorkParts,
  { id, subject, args }: JobToRun,
  what: RunWhat,
  run: (stores: Stores) => Promise<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  // the schedule alone says so
  const cause: RunCause = args['cause'] === 'schedule' ? 'schedule' : 'asked';
  const { name } = scenarioNamed(subject);
  return tracked(stores, { scenario: name, what, cause, jobId: id }, run);
}

async function trainOne(stores: Stores, scenario: Scenario, work: Work): Promise<Record<string, unknown>> {
  const { version, state, card } = await scenario.train(stores, { exclude: await objectors(stores) }, work);
  const [{ name, model, baseline }] = card.figures;
  return { version, state, figure: name, value: model.value, baseline: baseline?.value ?? null };
}

/** Everybody is told of, and what was told a horizon ago is judged by what happened since. */
async function daily(
  parts: WorkParts,
  job: JobToRun,
  work: Required<Work>,
): Promise<Record<string, unknown>> {
  const scenario = scenarioNamed(job.subject);
  const { champion } = await scenarioPage(parts.stores, scenario);
  if (champion === null) return { scored: 0 };
  await prepareNew(parts, work);
  const applied = await one(parts, job, 'apply', async stores => ({
    ...(await scenario.apply(stores, { exclude: await objectors(stores) }, work)),
  }));
  const { judged } = await one(parts, job, 'judge', async stores => ({
    judged: await judgeOutcomes(stores, scenario, { exclude: await objectors(stores) }, work),
  }));
  return { ...applied, judged };
}

/** Learns where that is advised, or where the schedule wants it whatever the advice. A better version stays in use. */
async function trainIfAdvised(
  parts: WorkParts,
  job: JobToRun,
  work: Required<Work>,
): Promise<Record<string, unknown>> {
  const scenario = scenarioNamed(job.subject);
  await prepareNew(parts, work);
  const { ready, advice } = await scenarioPage(parts.stores, scenario);
  if (!ready || !(advice.retrain || job.args['always'] === true)) return { trained: false };
  const trained = await one(parts, job, 'train', stores => trainOne(stores, scenario, work));
  return { trained: true, ...trained };
}

const NEWEST = `
SELECT
    (SELECT count() FROM order_lines WHERE received_at > {since:DateTime64(3, 'UTC')})
    + (SELECT count() FROM customer_facts WHERE received_at > {since:DateTime64(3, 'UTC')})
    + (SELECT count() FROM events WHERE received_at > {since:DateTime64(3, 'UTC')} AND type IN ('identify', 'alias')) AS n`;

/** Prepares again where lines or words of people arrived since; scoring reads what is prepared. */
async function prepareNew({ stores, settings, collection }: WorkParts, work: Work): Promise<void> {
  await collection.drained();
  const last = await lastPreparation(stores.warehouse);
  if (last === null) return;
  const since = clickhouseTime(Date.parse(last.at));
  const { n } = await stores.warehouse.one<{ n: number }>(NEWEST, { since });
  if (n > 0) await prepare(stores, work, shopSettings(settings));
}
