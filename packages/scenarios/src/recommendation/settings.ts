import { AppError, RecommendationSettings } from '@bellwether/contracts';
import type { Records } from '@bellwether/records';
import { z } from 'zod';

const KEY = 'recommendation';

/** What a person rules of every list; the defaults where nobody has. @throws AppError `settings.invalid` */
export async function recommendationSettings(records: Records): Promise<RecommendationSettings> {
  const row = await records.selectFrom('settings').select('value').where('key', '=', KEY).executeTakeFirst();
  const parsed = RecommendationSettings.safeParse(row?.value ?? {});
  if (parsed.success) return parsed.data;
  throw new AppError(
    'settings.invalid',
    `the setting "${KEY}" is not valid: ${z.prettifyError(parsed.error)}`,
  );
}

export async function keepRecommendationSettings(
  records: Records,
  settings: RecommendationSettings,
): Promise<void> {
  const value = JSON.stringify(settings);
  await records
    .insertInto('settings')
    .values({ key: KEY, value })
    .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
    .execute();
}
