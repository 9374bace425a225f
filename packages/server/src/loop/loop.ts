import type { Progress, ScenarioKind, ScenarioPage, Work } from '@bellwether/contracts';
import { refreshAudience, tick } from '@bellwether/engagement';
import {
  findDuplicates,
  prepare,
  qualityReport,
  scenarioPage,
  tracked,
  type Scenario,
} from '@bellwether/pipeline';
import { objectors } from '@bellwether/privacy';
import { scenarios } from '@bellwether/scenarios';
import type { WorkParts } from '../jobs/handlers.ts';
import { ensureDefaults } from './defaults.ts';
import { shopSettings } from '../read/currency.ts';

/** What one turn of the loop did with one scenario. */
export interface Turn {
  scenario: string;
  kind: ScenarioKind;
  /** The champion after it, if there is one. */
  version: number | null;
  trained: boolean;
  scored: number;
  chosen: number;
  /** What is wanting before this can be learned, in English; empty when nothing is. */
  wanting: string[];
}

/** What one turn of the loop came to; kept as the result of its job. */
export interface LoopResult extends Record<string, unknown> {
  lines_in: number;
  lines_out: number;
  customers: number;
  scenarios: Turn[];
  audience_id: string | null;
  audience_size: number;
  journey_id: string | null;
}

/**
 * One turn of the loop: prepare and judge the data, learn where it is advised, score, and renew the default audience and
 * its journey. Outside the demo that journey is a dry run: it writes what would be sent, and sends nothing.
 *
 * @example
 * const { scenarios, audience_size } = await runLoop(parts, { onProgress: console.log });
 */
export async function runLoop(parts: WorkParts, work: Work = {}, jobId?: string): Promise<LoopResult> {
  const { stores, settings, collection, engagement, demo } = parts;
  await collection.drained();
  const prepared = await prepare(stores, inStep(work, 'loop.prepare'), shopSettings(settings));
  work.signal?.throwIfAborted();
  await qualityReport(stores);
  if (prepared.customers_out <= COMPARED_BY_ITSELF)
    await findDuplicates(stores, {}, inStep(work, 'loop.prepare'));
  const turns: Turn[] = [];
  for (const scenario of scenarios) turns.push(await turn(parts, scenario, work, jobId));
  const acted = { audience_id: null, audience_size: 0, journey_id: null };
  const result = {
    lines_in: prepared.lines_in,
    lines_out: prepared.lines_out,
    customers: prepared.customers_out,
    scenarios: turns,
  };
  const first = turns.find(({ kind, version }) => kind === 'classifier' && version !== null);
  if (first === undefined) return { ...result, ...acted };
  const defaults = await ensureDefaults(parts, first.scenario);
  const audience = await refreshAudience(engagement, defaults.audienceId);
  if (!demo) await tick(engagement, work);
  return {
    ...result,
    audience_id: defaults.audienceId,
    audience_size: audience.size,
    journey_id: defaults.journeyId,
  };
}

/** More customers than this are compared with each other only where a person asks for it. */
const COMPARED_BY_ITSELF = 100_000;

async function turn({ stores }: WorkParts, scenario: Scenario, work: Work, jobId?: string): Promise<Turn> {
  work.signal?.throwIfAborted();
  const page = await scenarioPage(stores, scenario);
  const { name, kind } = scenario;
  const idle = { scenario: name, kind, version: page.champion, trained: false, scored: 0, chosen: 0 };
  if (!page.ready) return { ...idle, wanting: wantingOf(page) };
  const exclude = await objectors(stores);
  const learns = page.champion === null || page.advice.retrain;
  const run = { scenario: name, cause: 'loop' as const, jobId };
  const learned = learns
    ? await tracked(stores, { ...run, what: 'train' }, async at => {
        const { version, state } = await scenario.train(at, { exclude }, inStep(work, 'loop.learn'));
        return { version, state };
      })
    : undefined;
  // what did worse than the baseline is not used: there is nothing to tell of customers with
  if (page.champion === null && learned?.state !== 'champion')
    return { ...idle, trained: learns, wanting: [] };
  const { version, scored, chosen } = await tracked(stores, { ...run, what: 'apply' }, async at => ({
    ...(await scenario.apply(at, { exclude }, inStep(work, 'loop.score'))),
  }));
  return { scenario: name, kind, version, trained: learns, scored, chosen, wanting: [] };
}

function wantingOf({ needs }: ScenarioPage): string[] {
  return needs.filter(need => !need.met).map(({ what, have, need }) => `${what.en}: ${have} of ${need}`);
}

/** The same work; what tells no step of its own is told under the loop’s. */
function inStep(work: Work, step: string): Work {
  const onProgress = (progress: Progress): void =>
    work.onProgress?.({ ...progress, step: progress.step ?? step });
  return { ...work, onProgress };
}
