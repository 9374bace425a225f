import type { Records } from '@bellwether/records';
import { keepSetting, setting } from '../loop/defaults.ts';

const keyOf = (journeyId: string): string => `demo_truth:${journeyId}`;

/** The lift that the simulator knows a journey to have, in the demo market; nothing elsewhere. */
export async function truthOf(records: Records, journeyId: string): Promise<number | null> {
  return (await setting<number>(records, keyOf(journeyId))) ?? null;
}

export async function keepTruth(records: Records, journeyId: string, lift: number): Promise<void> {
  await keepSetting(records, keyOf(journeyId), lift);
}
