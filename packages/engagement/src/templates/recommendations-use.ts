import { AppError, RecommendationUse, type HoldoutShows } from '@bellwether/contracts';
import type { Records } from '@bellwether/records';
import { armOf } from '../journeys/arms.ts';

const KEY = 'recommendation-use';

/** How recommendations are shown and measured; the defaults where nobody ruled. @throws AppError `settings.invalid` */
export async function recommendationUse(records: Records): Promise<RecommendationUse> {
  const row = await records.selectFrom('settings').select('value').where('key', '=', KEY).executeTakeFirst();
  const parsed = RecommendationUse.safeParse(row?.value ?? {});
  if (parsed.success) return parsed.data;
  throw new AppError('settings.invalid', `the setting "${KEY}" is not valid: ${parsed.error.message}`);
}

export async function keepRecommendationUse(records: Records, use: RecommendationUse): Promise<void> {
  const value = JSON.stringify(use);
  await records
    .insertInto('settings')
    .values({ key: KEY, value })
    .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

/** In which arm a list is made, with what probability, and what it holds. */
export interface ListArm {
  arm: 'treated' | 'holdout';
  propensity: number;
  shows: 'recommended' | HoldoutShows;
}

/**
 * The arm of a person: the same on every surface and on every day, so that what they buy can be laid to it.
 *
 * @param person a customer's id, or `anon:ID` of a visitor
 * @example
 * listArmOf('c1', 'home', RecommendationUse.parse({})) // { arm: 'treated', propensity: 0.9, shows: 'recommended' }
 */
export function listArmOf(person: string, surface: string, { holdout }: RecommendationUse): ListArm {
  const drawn = armOf('recommendations', person, holdout.share);
  const shows = drawn.arm === 'treated' ? 'recommended' : (holdout.surfaces[surface] ?? holdout.shows);
  return { ...drawn, shows };
}
