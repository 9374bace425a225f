import {
  DAY,
  type Figure,
  type Milliseconds,
  type ModelVersion,
  type Outcome,
  type Performance,
  type Words,
  type Work,
} from '@bellwether/contracts';
import { clickhouseTime } from '@bellwether/warehouse';
import {
  dataMoment,
  type Excluding,
  type Scenario,
  type ToldOutcome,
  type ToldRun,
} from '../features/index.ts';
import type { Stores } from '../stores.ts';
import { modelVersions } from '../training/index.ts';

/** The last run over everybody as of each moment; those that are judged already are left out by the caller. */
const RUNS = `
SELECT
    toUnixTimestamp64Milli(as_of) AS as_of,
    argMax(version, run.scored_at) AS version,
    toUnixTimestamp64Milli(max(run.scored_at)) AS scored_at
FROM score_runs AS run
WHERE scenario = {scenario:String} AND NOT partial AND run.as_of > {since:DateTime64(3, 'UTC')}
GROUP BY as_of
ORDER BY as_of`;
/** Runs before this many horizons are judged no more: nobody decides by them. */
const LOOK_BACK = 12;
/** Outcomes shown, the newest. */
const SHOWN = 120;

/**
 * Judges each run over everybody whose horizon has passed, and that is not judged yet, by what happened since: from what it
 * told, where that is kept, else by asking its version anew. An outcome is kept as soon as it is known.
 *
 * @returns how many runs were judged
 */
export async function judgeOutcomes(
  stores: Stores,
  scenario: Scenario,
  { exclude }: Excluding = {},
  work: Work = {},
): Promise<number> {
  const ripe = await ripeRuns(stores, scenario);
  let judged = 0;
  for (const run of ripe) {
    work.signal?.throwIfAborted();
    work.onProgress?.({ done: judged, total: ripe.length, unit: 'runs', step: 'judge' });
    const options = { exclude, signal: work.signal };
    const told = await scenario.outcome?.(stores, run, options);
    const outcome = told ?? (await askedAnew(stores, scenario, run, options));
    await keep(stores, scenario, run, outcome, told !== undefined);
    judged++;
  }
  return judged;
}

async function ripeRuns(stores: Stores, scenario: Scenario): Promise<ToldRun[]> {
  const now = await dataMoment(stores);
  const runs = await runsSince(stores, scenario, now - LOOK_BACK * scenario.horizonDays * DAY);
  const kept = await stores.records
    .selectFrom('scenario_outcomes')
    .select('as_of')
    .where('scenario', '=', scenario.name)
    .execute();
  const done = new Set(kept.map(({ as_of }) => as_of.getTime()));
  return runs.filter(run => run.as_of + scenario.horizonDays * DAY <= now && !done.has(run.as_of));
}

function runsSince({ warehouse }: Stores, { name }: Scenario, since: Milliseconds): Promise<ToldRun[]> {
  const params = { scenario: name, since: clickhouseTime(Math.max(0, since)) };
  return warehouse.query<ToldRun>(RUNS, params);
}

async function askedAnew(
  stores: Stores,
  scenario: Scenario,
  { version, as_of }: ToldRun,
  options: Excluding & { signal: AbortSignal | undefined },
): Promise<ToldOutcome> {
  const figures = await scenario.judge(stores, version, as_of, options);
  return { customers: figures[0].model.n, figures, calibration: [] };
}

async function keep(
  { records, clock }: Stores,
  { name }: Scenario,
  { version, as_of, scored_at }: ToldRun,
  { customers, figures, calibration }: ToldOutcome,
  told: boolean,
): Promise<void> {
  await records
    .insertInto('scenario_outcomes')
    .values({
      scenario: name,
      as_of: new Date(as_of),
      scored_at: new Date(scored_at),
      version,
      judged_at: new Date(clock.now()),
      customers,
      told,
      figures: JSON.stringify(figures),
      calibration: JSON.stringify(calibration),
    })
    .onConflict(conflict => conflict.doNothing())
    .execute();
}

/** The outcomes of a scenario, the newest last. */
export async function outcomesOf({ records }: Pick<Stores, 'records'>, scenario: string): Promise<Outcome[]> {
  const rows = await records
    .selectFrom('scenario_outcomes')
    .selectAll()
    .where('scenario', '=', scenario)
    .orderBy('as_of', 'desc')
    .limit(SHOWN)
    .execute();
  return rows.reverse().map(({ scenario: _, as_of, scored_at, judged_at, ...row }) => ({
    ...row,
    as_of: as_of.toISOString(),
    scored_at: scored_at.toISOString(),
    judged_at: judged_at.toISOString(),
  }));
}

/** How what was told compares with what happened, over time, beside what the cards promised. */
export async function performanceOf(stores: Stores, scenario: Scenario): Promise<Performance> {
  const [outcomes, versions, now] = await Promise.all([
    outcomesOf(stores, scenario.name),
    modelVersions(stores.records, scenario.name),
    dataMoment(stores),
  ]);
  const horizon = scenario.horizonDays * DAY;
  const [waiting] = await runsSince(stores, scenario, now - horizon);
  const shown = new Set(outcomes.map(({ version }) => version));
  return {
    horizon_days: scenario.horizonDays,
    next_at: waiting === undefined ? null : new Date(waiting.as_of + horizon).toISOString(),
    outcomes,
    promised: versions
      .filter(({ version }) => shown.has(version))
      .map(({ version, card }) => ({ version, figures: card.figures })),
    alarm: alarmOf(versions, outcomes),
  };
}

/** Said when the champion's newest outcome lies below what its card promised, beyond the chance of both. */
export function alarmOf(versions: readonly ModelVersion[], outcomes: readonly Outcome[]): Words | null {
  const champion = versions.find(({ state }) => state === 'champion');
  const newest = outcomes.filter(({ version }) => version === champion?.version).at(-1);
  if (champion === undefined || newest === undefined) return null;
  const [promised] = champion.card.figures;
  const came = newest.figures.find(({ name }) => name === promised.name);
  if (came === undefined || !fellBelow(promised, came)) return null;
  const [was, is] = [promised, came].map(({ model }) => (model.value ?? NaN).toFixed(3));
  const day = newest.as_of.slice(0, 10);
  const { version } = champion;
  return {
    en: `Version ${version} does less well than its card promised: ${promised.words.en} was ${is} on what happened after ${day}, ${was} on its test.`,
    'zh-CN': `版本 ${version} 的表现低于其说明卡的承诺：${day} 之后的实际结果中 ${promised.words['zh-CN']} 为 ${is}，测试时为 ${was}。`,
  };
}

/** Outside the promise's interval on the worse side, with the whole of its own interval beyond the promise. */
function fellBelow({ better, model: promised }: Figure, { model: came }: Figure): boolean {
  const sign = better === 'higher' ? 1 : -1;
  const worst = better === 'higher' ? promised.low : promised.high;
  const best = better === 'higher' ? came.high : came.low;
  const below = (a: number | null, b: number | null): boolean =>
    a !== null && b !== null && sign * a < sign * b;
  return below(came.value, worst ?? promised.value) && below(best ?? came.value, promised.value);
}
