import { api, AppError } from '@bellwether/contracts';
import { journeyResults, listJourneys, type Engagement } from '@bellwether/engagement';
import {
  decisionOf,
  keepValueSettings,
  valueSettings,
  whatIf,
  type MeasuredJourney,
  type Scenario,
} from '@bellwether/pipeline';
import type { Mount } from '../http/mount.ts';
import type { Installation } from '../installation.ts';
import { scenarioNamed } from '../read/scenario.ts';

const { decision } = api;

export function mountDecision(on: Mount, { stores, engagement }: Installation): void {
  on(decision.settings, () => valueSettings(stores.records));
  on(decision.keep, ({ body }) => keepValueSettings(stores.records, body));
  on(decision.preview, ({ params, body }) => decisionOf(stores, classifierNamed(params.name), body));
  on(decision.whatIf, async ({ params, body }) =>
    whatIf(stores, classifierNamed(params.name), body, await measuredJourneys(engagement)),
  );
}

function classifierNamed(name: string): Scenario {
  const scenario = scenarioNamed(name);
  if (scenario.kind === 'classifier') return scenario;
  throw new AppError('scenario.no_prediction', `${name} tells no probability that a rule could be made of`);
}

/** What journeys that were started measured against those whom they held out. */
async function measuredJourneys(engagement: Engagement): Promise<MeasuredJourney[]> {
  const started = (await listJourneys(engagement)).filter(({ started_at }) => started_at !== null);
  return Promise.all(
    started.map(async ({ id, name, graph }) => {
      const { lift, treated, holdout } = await journeyResults(engagement, id);
      return {
        ...{ journey_id: id, name, days: graph.measure_days, lift },
        ...{ treated: treated.customers, held_out: holdout.customers },
      };
    }),
  );
}
