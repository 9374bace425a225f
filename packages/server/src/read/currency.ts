import { lastPreparation, type Stores } from '@bellwether/pipeline';
import type { ShopSettings } from '@bellwether/pipeline';
import type { Settings } from '../settings.ts';

/** ISO 4217's code for "no currency": the data name none, and nobody has said. */
const NONE = 'XXX';

/** The currency that amounts are in: what the shop said, or what preparation found. */
export async function currencyOf({
  stores,
  settings,
}: {
  stores: Stores;
  settings: Settings;
}): Promise<string> {
  return settings.currency ?? ((await lastPreparation(stores.warehouse))?.currency || NONE);
}

/** What preparation is told of the shop. */
export function shopSettings({ currency, timezone, rates }: Settings): ShopSettings {
  return {
    timezone,
    ...(currency === undefined ? {} : { currency }),
    ...(rates === undefined ? {} : { rates: ratesOf(rates) }),
  };
}

/** `EUR=1,USD=0.92` as a table. */
function ratesOf(text: string): Record<string, number> {
  const pairs = text.split(',').map(pair => pair.split('='));
  return Object.fromEntries(pairs.map(([code = '', worth]) => [code, Number(worth)]));
}

/** What messages and results call the currency until the data tell it. */
export const knownCurrency = ({ currency }: Settings): string => currency ?? NONE;
