import type { ModelVersion, ScenarioPage, ScenarioSummary, Words } from '@bellwether/contracts';
import { dataMoment, type Scenario } from '../features/index.ts';
import { forgetChampion } from '../prediction/index.ts';
import type { Stores } from '../stores.ts';
import { modelVersions, promoteVersion } from '../training/index.ts';
import { adviceOf } from './advice.ts';
import { alarmOf, outcomesOf } from './outcomes.ts';
import { lastRun, resultsOf, type ScoreRun } from './runs.ts';

/** The state of a scenario in a line. */
export async function scenarioSummary(stores: Stores, scenario: Scenario): Promise<ScenarioSummary> {
  const [needs, versions, run] = await stateOf(stores, scenario);
  return summaryOf(
    scenario,
    needs.every(need => need.met),
    versions,
    run,
  );
}

/** All that the console shows of a scenario. */
export async function scenarioPage(stores: Stores, scenario: Scenario): Promise<ScenarioPage> {
  const [needs, versions, run] = await stateOf(stores, scenario);
  const ready = needs.every(need => need.met);
  const [now, outcomes] = await Promise.all([dataMoment(stores), outcomesOf(stores, scenario.name)]);
  return {
    ...summaryOf(scenario, ready, versions, run),
    needs,
    features: scenario.features.map(({ name, words, unit }) => ({
      name,
      words,
      unit,
      drift: run?.drift[name] ?? null,
    })),
    versions,
    results:
      run && scenario.kind === 'classifier' ? await resultsOf(stores.warehouse, scenario.name, run) : null,
    advice: adviceOf({ scenario, ready, versions, run, now, alarm: alarmOf(versions, outcomes) }),
  };
}

function stateOf(stores: Stores, scenario: Scenario) {
  return Promise.all([
    scenario.needs(stores),
    modelVersions(stores.records, scenario.name),
    lastRun(stores.warehouse, scenario.name),
  ]);
}

function summaryOf(
  { name, kind, title, question }: Scenario,
  ready: boolean,
  versions: readonly ModelVersion[],
  run: ScoreRun | undefined,
): ScenarioSummary {
  const champion = versions.find(version => version.state === 'champion')?.version ?? null;
  return {
    name,
    kind,
    title,
    question,
    ready,
    champion,
    scored: run?.customers ?? 0,
    scored_at: run?.scored_at ?? null,
  };
}

/**
 * Makes a version the champion, a newer or an earlier one, by a person's word. Scores change at the next scoring.
 *
 * @throws AppError `scenario.no_version`
 */
export async function promote(
  { records, clock }: Stores,
  name: string,
  version: number,
  why: Words,
): Promise<ModelVersion> {
  const promoted = await promoteVersion(records, name, version, why, new Date(clock.now()));
  forgetChampion({ records }, name);
  return promoted;
}
