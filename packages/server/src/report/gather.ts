import { journeyResults, listJourneys } from '@bellwether/engagement';
import { lastPreparation, scenarioPage } from '@bellwether/pipeline';
import { scenarios } from '@bellwether/scenarios';
import type { Installation } from '../installation.ts';
import { overviewOf } from '../read/overview.ts';
import { truthOf } from '../read/truth.ts';
import type { ReportData } from './content.ts';

/** Reads what a report tells of. */
export async function gatherReport(installation: Installation): Promise<ReportData> {
  const { stores, settings } = installation;
  const [overview, preparation, pages, journeys] = await Promise.all([
    overviewOf(installation),
    lastPreparation(stores.warehouse),
    Promise.all(scenarios.map(scenario => scenarioPage(stores, scenario))),
    journeysOf(installation),
  ]);
  return {
    shop: settings.shopName,
    overview,
    preparation: preparation ?? undefined,
    scenarios: pages,
    journeys,
  };
}

async function journeysOf({ engagement, stores }: Installation): Promise<ReportData['journeys']> {
  const started = (await listJourneys(engagement)).filter(({ started_at }) => started_at !== null);
  return Promise.all(
    started.map(async ({ id, name, graph }) => {
      const results = await journeyResults(engagement, id);
      return {
        name,
        dryRun: graph.dry_run,
        results: { ...results, truth: await truthOf(stores.records, id) },
      };
    }),
  );
}
