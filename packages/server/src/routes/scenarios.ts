import { api, AppError, type Words } from '@bellwether/contracts';
import { promote, scenarioPage, scenarioSummary } from '@bellwether/pipeline';
import { scenarios as all } from '@bellwether/scenarios';
import type { Mount } from '../http/mount.ts';
import type { Installation } from '../installation.ts';
import { scenarioNamed } from '../read/scenario.ts';

const { scenarios } = api;

export function mountScenarios(on: Mount, { stores, jobs }: Installation): void {
  on(scenarios.list, () => Promise.all(all.map(scenario => scenarioSummary(stores, scenario))));
  on(scenarios.page, ({ params }) => scenarioPage(stores, scenarioNamed(params.name)));
  on(scenarios.train, ({ params }) => jobs.enqueue('train', scenarioNamed(params.name).name));
  on(scenarios.score, ({ params }) => jobs.enqueue('score', scenarioNamed(params.name).name));
  on(scenarios.predict, ({ params, body }) => {
    const scenario = scenarioNamed(params.name);
    if (scenario.predict === undefined)
      throw new AppError('scenario.no_prediction', `${scenario.name} does not answer for one customer`);
    return scenario.predict(stores, body);
  });
  on(scenarios.promote, ({ params }, { request }) =>
    promote(stores, scenarioNamed(params.name).name, params.version, chosenBy(request.caller?.name)),
  );
}

function chosenBy(name: string | undefined): Words {
  return { en: `Chosen by ${name ?? 'a person'}.`, 'zh-CN': `由 ${name ?? '操作者'} 手动启用。` };
}
