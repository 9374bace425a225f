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
export function shopSettings({ currency, timezone }: Settings): ShopSettings {
  return { timezone, ...(currency === undefined ? {} : { currency }) };
}

/** What messages and results call the currency until the data tell it. */
export const knownCurrency = ({ currency }: Settings): string => currency ?? NONE;
