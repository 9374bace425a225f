import { AppError, type Shadow, type ShadowRun } from '@bellwether/contracts';
import { sqlBeside } from '@bellwether/warehouse';
import type { Stores } from '../stores.ts';
import { modelVersions } from '../training/index.ts';

const RUNS = sqlBeside(import.meta.url, 'shadow-runs.sql');

/** The version in the shadow of the champion, and how far the two agreed, run by run. */
export async function shadowOf({ records, warehouse }: Stores, scenario: string): Promise<Shadow> {
  const set = await records
    .selectFrom('scenario_shadows')
    .select(['version', 'since'])
    .where('scenario', '=', scenario)
    .executeTakeFirst();
  if (set === undefined) return { version: null, since: null, runs: [] };
  const { version, since } = set;
  const runs = await warehouse.query<ShadowRun>(RUNS, { scenario, version });
  return { version, since: since.toISOString(), runs: runs.reverse() };
}

/**
 * Lets a version score in the shadow of the champion from the next run over everybody on, or none any more.
 *
 * @throws AppError `scenario.no_version`, `scenario.bad_turn` for the champion itself
 */
export async function setShadow(stores: Stores, scenario: string, version: number | null): Promise<Shadow> {
  const { records, clock } = stores;
  if (version === null) {
    await records.deleteFrom('scenario_shadows').where('scenario', '=', scenario).execute();
    return shadowOf(stores, scenario);
  }
  const kept = (await modelVersions(records, scenario)).find(one => one.version === version);
  if (kept === undefined) throw new AppError('scenario.no_version', `${scenario} has no version ${version}`);
  if (kept.state === 'champion')
    throw new AppError('scenario.bad_turn', `version ${version} is in use: it has no shadow but its own`);
  const row = { version, since: new Date(clock.now()) };
  await records
    .insertInto('scenario_shadows')
    .values({ scenario, ...row })
    .onConflict(conflict => conflict.column('scenario').doUpdateSet(row))
    .execute();
  return shadowOf(stores, scenario);
}
