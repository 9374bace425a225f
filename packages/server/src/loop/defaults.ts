import { AppError, type JourneyGraph } from '@bellwether/contracts';
import { createAudience, createJourney, setJourneyState } from '@bellwether/engagement';
import type { Records } from '@bellwether/records';
import type { WorkParts } from '../jobs/handlers.ts';

/** The audience and journey that the loop keeps for whoever has made none. */
export interface Defaults {
  audienceId: string;
  journeyId: string;
}

const NAMES = {
  en: { audience: 'Likely buyers', journey: 'A word to likely buyers' },
  'zh-CN': { audience: '可能下单的客户', journey: '给可能下单客户的一封信' },
} as const;
const TEMPLATES = { en: 'thought-of-you-en', 'zh-CN': 'thought-of-you-zh' } as const;

/**
 * Makes the default audience and its journey where they are not yet. A journey whose owner changed it stays as it is. It
 * starts at once as a dry run, except in the demo, where the market's owner starts it.
 */
export async function ensureDefaults(parts: WorkParts, scenario: string): Promise<Defaults> {
  const { records } = parts.stores;
  const kept = await setting<Defaults>(records, 'loop_defaults');
  if (kept !== undefined && (await exists(records, kept))) return kept;
  const { engagement, settings, demo } = parts;
  const names = NAMES[settings.locale];
  const definition = { scenario, min_probability: 0, max_probability: 1, chosen_only: true };
  const { id: audienceId } = await createAudience(engagement, { name: names.audience, definition });
  const { id: journeyId } = await createJourney(engagement, {
    name: names.journey,
    graph: graphOf(audienceId, TEMPLATES[settings.locale], !demo),
  });
  if (!demo) await setJourneyState(engagement, journeyId, 'running');
  await keepSetting(records, 'loop_defaults', { audienceId, journeyId });
  return { audienceId, journeyId };
}

async function exists(records: Records, { audienceId, journeyId }: Defaults): Promise<boolean> {
  const [audience, journey] = await Promise.all([
    records.selectFrom('audiences').select('id').where('id', '=', audienceId).executeTakeFirst(),
    records.selectFrom('journeys').select('id').where('id', '=', journeyId).executeTakeFirst(),
  ]);
  return audience !== undefined && journey !== undefined;
}

function graphOf(audience: string, template: string, dryRun: boolean): JourneyGraph {
  return {
    nodes: [
      { id: 'enter', kind: 'enter', audience, next: 'wait' },
      { id: 'wait', kind: 'wait', days: 1, next: 'mail' },
      { id: 'mail', kind: 'email', template, next: 'exit' },
      { id: 'exit', kind: 'exit' },
    ],
    holdout: 0.2,
    measure_days: 30,
    dry_run: dryRun,
  };
}

/** A value that the server keeps for itself in the records. */
export async function setting<T>(records: Records, key: string): Promise<T | undefined> {
  const row = await records.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst();
  // each key is written by one function below, with its own type
  return row?.value as T | undefined;
}

export async function keepSetting(records: Records, key: string, value: unknown): Promise<void> {
  const json = JSON.stringify(value);
  if (json === undefined) throw new AppError('internal.setting', `the setting "${key}" has no value`);
  await records
    .insertInto('settings')
    .values({ key, value: json })
    .onConflict(conflict => conflict.column('key').doUpdateSet({ value: json }))
    .execute();
}
