import { AppError, ValueSettings, type Words } from '@bellwether/contracts';
import type { Records } from '@bellwether/records';
import { z } from 'zod';
import { dataMoment, dataSpan } from '../features/index.ts';
import type { Stores } from '../stores.ts';

/** @throws AppError `settings.invalid` when what is kept under `value` is of another shape */
export async function valueSettings(records: Records): Promise<ValueSettings> {
  const row = await records
    .selectFrom('settings')
    .select('value')
    .where('key', '=', 'value')
    .executeTakeFirst();
  const parsed = ValueSettings.safeParse(row?.value ?? {});
  if (parsed.success) return parsed.data;
  throw new AppError(
    'settings.invalid',
    `the setting "value" is not valid: ${z.prettifyError(parsed.error)}`,
  );
}

export async function keepValueSettings(records: Records, settings: ValueSettings): Promise<ValueSettings> {
  const value = JSON.stringify(settings);
  await records
    .insertInto('settings')
    .values({ key: 'value', value })
    .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
    .execute();
  return settings;
}

/** What choosing somebody is worth. */
export interface ValueTerms {
  /** Margin of an order, in the shop's currency. */
  margin: number;
  contactCost: number;
  effect: number;
  currency: string;
  /** Probability from which a contact is expected to earn its cost. */
  threshold: number;
  /** The decision rule in words. */
  why: Words;
}

/** What choosing somebody is worth by the settings in force and the orders by now; nothing where there are none. */
export async function currentTerms(
  stores: Stores,
  settings?: ValueSettings,
): Promise<ValueTerms | undefined> {
  const span = await dataSpan(stores.warehouse, await dataMoment(stores));
  if (span === undefined) return undefined;
  return valueTerms(settings ?? (await valueSettings(stores.records)), span.mean_order, span.currency);
}

/** A contact is worth it when probability x effect x margin covers its cost. */
export function valueTerms(settings: ValueSettings, meanOrder: number, currency: string): ValueTerms {
  const { margin_rate, contact_cost, effect } = settings;
  const margin = meanOrder * margin_rate;
  const threshold = Math.min(1, contact_cost / Math.max(effect * margin, 1e-9));
  return {
    ...{ margin, contactCost: contact_cost, effect, currency, threshold },
    why: ruleInWords(settings, { meanOrder, margin, currency, threshold }),
  };
}

interface Amounts {
  meanOrder: number;
  margin: number;
  currency: string;
  threshold: number;
}

function ruleInWords(
  { margin_rate, contact_cost, effect }: ValueSettings,
  { meanOrder, margin, currency, threshold }: Amounts,
): Words {
  const money = (amount: number): string => `${amount.toFixed(2)} ${currency}`.trim();
  const [order, left, cost] = [meanOrder, margin, contact_cost].map(money);
  const [rate, brought, from] = [margin_rate, effect, threshold].map(percent);
  return {
    en:
      `An order is worth ${order} on average and leaves ${rate} (${left}). A contact costs ${cost} and is assumed to ` +
      `bring about ${brought} of the purchases that it precedes, until a hold-out has measured it. ` +
      `So it pays from a probability of ${from}.`,
    'zh-CN':
      `平均每单 ${order}，毛利 ${rate}（${left}）。每次触达成本 ${cost}，` +
      `在对照组实测之前，假定触达带来其后购买的 ${brought}。因此，购买概率达到 ${from} 的顾客值得触达。`,
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
