import { api, AppError, type ModelCard, type ModelVersion, type ScenarioPage } from '@bellwether/contracts';
import type { Client } from '@bellwether/sdk';
import { withServer } from '../connect.ts';
import type { Context } from '../context.ts';
import { cardLines } from '../figures.ts';
import { followJob } from '../jobs.ts';

export async function trainCommand(context: Context, name: string): Promise<void> {
  await withServer(context, async client => {
    const page = await pageOf(client, name);
    refuseUnready(page);
    const job = await client.call(api.scenarios.train, { params: { name } });
    const { result } = await followJob(context, client, job, 'train');
    const after = await pageOf(client, name);
    const trained =
      after.versions.find(({ version }) => version === result?.['version']) ?? after.versions[0];
    if (trained !== undefined) tellVersion(context, trained);
  });
}

export async function scoreCommand(context: Context, name: string | undefined): Promise<void> {
  await withServer(context, async client => {
    const all = await client.call(api.scenarios.list);
    const chosen =
      name === undefined ? all.filter(({ champion }) => champion !== null) : [await pageOf(client, name)];
    const [first] = chosen;
    if (first === undefined || (name !== undefined && first.champion === null))
      throw new AppError(
        'scenario.no_champion',
        `nothing is learned yet: bellwether train ${all[0]?.name ?? 'SCENARIO'}`,
      );
    for (const scenario of chosen) {
      const job = await client.call(api.scenarios.score, { params: { name: scenario.name } });
      const { result } = await followJob(context, client, job, 'score');
      const { scored, chosen: worth, version } = result ?? {};
      const line = `${scenario.name}: ${String(scored)} customers scored by version ${String(version)}, ${String(worth)} chosen`;
      context.output.tell('scored', { scenario: scenario.name, ...result }, line);
    }
  });
}

/** The figures of the champion on the later period that it was tested on. */
export async function evaluateCommand(context: Context, name: string): Promise<void> {
  await withServer(context, async client => {
    const page = await pageOf(client, name);
    const champion = page.versions.find(({ state }) => state === 'champion');
    if (champion === undefined) {
      refuseUnready(page);
      throw new AppError('scenario.no_champion', `nothing is learned yet: bellwether train ${name}`);
    }
    tellVersion(context, champion);
  });
}

export function tellVersion({ output }: Context, version: ModelVersion): void {
  output.tell('figures', { ...version, card: withoutCurves(version.card) }, ...cardLines(version));
}

/** Pictures are the console's. */
function withoutCurves(card: ModelCard): Omit<ModelCard, 'curves'> {
  if (card.kind !== 'classifier') return card;
  const { curves: _, ...rest } = card;
  return rest;
}

async function pageOf(client: Client, name: string): Promise<ScenarioPage> {
  return client.call(api.scenarios.page, { params: { name } });
}

function refuseUnready({ ready, needs, name }: ScenarioPage): void {
  if (ready) return;
  const wanting = needs
    .filter(({ met }) => !met)
    .map(({ what, have, need }) => `${what.en} (${have} of ${need})`);
  throw new AppError('scenario.not_ready', `${name} needs more before it can learn: ${wanting.join(', ')}`);
}
