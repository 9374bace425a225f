import type { Milliseconds } from '@bellwether/contracts';
import { countsIn, drift, type Spread } from '@bellwether/ml';
import { clickhouseTime, sqlBeside } from '@bellwether/warehouse';
import type { Subjects } from '../features/index.ts';
import type { Stores } from '../stores.ts';
import { keptClassifier, type KeptClassifier, type Learned } from '../training/index.ts';

const AGREEMENT = sqlBeside(import.meta.url, 'shadow.sql');

/** A version that tells of the same customers as the champion, heard by nobody. */
export interface ShadowOfRun {
  version: number;
  threshold: number;
  learned: Learned;
  /** The champion's bins, in which both are counted. */
  edges: Spread['edges'];
  champion: number;
  counts: { shadow: Float64Array; champion: Float64Array };
  championModel: Learned['model'];
}

/** The version in the shadow, where one is set, can be read and is not the champion by now. */
export async function openShadow(
  { records }: Stores,
  scenario: string,
  champion: KeptClassifier & { learned: Learned },
  threshold: number,
): Promise<ShadowOfRun | undefined> {
  const set = await records
    .selectFrom('scenario_shadows')
    .select('version')
    .where('scenario', '=', scenario)
    .executeTakeFirst();
  if (set === undefined || set.version === champion.version) return undefined;
  const kept = await keptClassifier(records, scenario, set.version);
  if (kept?.learned === undefined) return undefined;
  const { edges } = champion.learned.scoreSpread;
  const bins = (): Float64Array => new Float64Array(edges.length + 2);
  return {
    version: kept.version,
    threshold,
    learned: kept.learned,
    edges,
    champion: champion.version,
    counts: { shadow: bins(), champion: bins() },
    championModel: champion.learned.model,
  };
}

interface Told {
  scenario: { name: string };
  scoredAt: Milliseconds;
  token: string;
  subjects: Subjects;
}

export async function tellShadow(
  { warehouse }: Stores,
  shadow: ShadowOfRun,
  { scenario, scoredAt, token, subjects }: Told,
): Promise<void> {
  const { ids, table } = subjects;
  const probability = shadow.learned.model.predict(table);
  const stamp = {
    scenario: scenario.name,
    version: shadow.version,
    scored_at: clickhouseTime(scoredAt),
  };
  const rows = ids.map((customer_id, row) => ({
    ...stamp,
    customer_id,
    probability: probability[row],
    chosen: probability[row] >= shadow.threshold,
  }));
  await warehouse.insert('shadow_scores', rows, { token: `shadow_scores:${token}` });
  countsIn(shadow.edges, probability, shadow.counts.shadow);
  countsIn(shadow.edges, shadow.championModel.predict(table), shadow.counts.champion);
}

/** Keeps how far the two agreed over the whole run. */
export async function finishShadow(
  { warehouse }: Stores,
  shadow: ShadowOfRun,
  { scenario, asOf, scoredAt }: { scenario: { name: string }; asOf: Milliseconds; scoredAt: Milliseconds },
): Promise<void> {
  const stamp = {
    scenario: scenario.name,
    version: shadow.version,
    scored_at: clickhouseTime(scoredAt),
  };
  const agreed = await warehouse.one<{ customers: number; rank_correlation: number; differing: number }>(
    AGREEMENT,
    stamp,
  );
  const { psi, noise } = drift(shadow.counts.champion, shadow.counts.shadow);
  const row = {
    ...stamp,
    champion: shadow.champion,
    as_of: clickhouseTime(asOf),
    customers: agreed.customers,
    rank_correlation: Number.isFinite(agreed.rank_correlation) ? agreed.rank_correlation : 'nan',
    differing: agreed.differing,
    drift: psi,
    noise,
  };
  await warehouse.insert('shadow_runs', [row], { token: `shadow_runs:${scenario.name}:${scoredAt}` });
}
