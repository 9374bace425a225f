import { api, AppError } from '@bellwether/contracts';
import {
  changeSchedule,
  compareVersions,
  driftHistory,
  modelVersions,
  performanceOf,
  runsOf,
  scheduleState,
  setShadow,
  shadowOf,
  writeCard,
} from '@bellwether/pipeline';
import { objectors } from '@bellwether/privacy';
import type { Mount } from '../http/mount.ts';
import { termsOf, type Installation } from '../installation.ts';
import { scenarioNamed } from '../read/scenario.ts';

const { operations } = api;

/** What a scenario did and will do, and how its versions hold up. */
export function mountOperations(on: Mount, installation: Installation): void {
  const { stores, jobs } = installation;
  const terms = termsOf(installation);
  const named = ({ name }: { name: string }): string => scenarioNamed(name).name;
  on(operations.runs, ({ params, query }) => runsOf(stores.records, named(params), query.limit));
  on(operations.applyChanged, ({ params }) => jobs.enqueue('score_changed', named(params)));
  on(operations.schedule, ({ params }) => scheduleState(stores, named(params), terms));
  on(operations.changeSchedule, ({ params, body }) => changeSchedule(stores, named(params), body, terms));
  on(operations.performance, ({ params }) => performanceOf(stores, scenarioNamed(params.name)));
  on(operations.drift, ({ params }) => driftHistory(stores, scenarioNamed(params.name)));
  on(operations.compare, async ({ params, query }) => {
    const exclude = await objectors(stores);
    return compareVersions(stores, scenarioNamed(params.name), [query.a, query.b], { exclude });
  });
  on(operations.shadow, ({ params }) => shadowOf(stores, named(params)));
  on(operations.changeShadow, ({ params, body }) => setShadow(stores, named(params), body.version));
  on(operations.card, async ({ params, query }) => {
    const scenario = scenarioNamed(params.name);
    const versions = await modelVersions(stores.records, scenario.name);
    const version = versions.find(one => one.version === params.version);
    if (version === undefined)
      throw new AppError('scenario.no_version', `${scenario.name} has no version ${params.version}`);
    return writeCard(scenario, version, query);
  });
}
