import { AppError, type Decision, type Estimate, type ValueSettings } from '@bellwether/contracts';
import { sqlBeside, type Warehouse } from '@bellwether/warehouse';
import type { Scenario } from '../features/index.ts';
import type { Stores } from '../stores.ts';
import { currentTerms, valueSettings, type ValueTerms } from '../training/index.ts';
import { lastRun } from './runs.ts';

const CHOSEN = sqlBeside(import.meta.url, 'decision.sql');
/** No limit: more customers than there are. */
const ALL = 2 ** 48;

export interface DecisionOptions {
  /** To try; those in force where absent. */
  settings?: ValueSettings | undefined;
  /** Contacts at most, the most likely first. */
  most?: number | undefined;
}

/**
 * Whom a rule of value would choose of the customers of the last scoring, and what is expected of it. Changes nothing.
 *
 * @throws AppError `scenario.not_ready` before there are sales
 * @example
 * const { chosen, rule } = await decisionOf(stores, purchasePrediction, { settings: { ...kept, effect: 0.05 } });
 */
export async function decisionOf(
  stores: Stores,
  { name }: Pick<Scenario, 'name'>,
  { settings, most }: DecisionOptions = {},
): Promise<Decision> {
  const inForce = settings ?? (await valueSettings(stores.records));
  const terms = await currentTerms(stores, inForce);
  if (terms === undefined)
    throw new AppError('scenario.not_ready', 'there are no sales yet to tell what an order is worth');
  const run = await lastRun(stores.warehouse, name);
  const all = await chosenBy(stores.warehouse, name, terms, ALL);
  return {
    settings: inForce,
    currency: terms.currency,
    threshold: terms.threshold,
    rule: terms.why,
    scored: run?.customers ?? 0,
    chosen: all.chosen,
    profit: all.profit,
    limited: most === undefined ? null : { most, ...(await chosenBy(stores.warehouse, name, terms, most)) },
  };
}

interface Row {
  chosen: number;
  expected: number;
  expected_low: number;
  expected_high: number;
  from_probability: number | null;
}

async function chosenBy(
  warehouse: Warehouse,
  scenario: string,
  terms: ValueTerms,
  most: number,
): Promise<{ chosen: number; from_probability: number | null; profit: Estimate }> {
  const row = await warehouse.one<Row>(CHOSEN, { scenario, threshold: terms.threshold, most });
  const { chosen, from_probability } = row;
  const profit = (purchases: number): number =>
    purchases * terms.effect * terms.margin - chosen * terms.contactCost;
  const [value, low, high] = [row.expected, row.expected_low, row.expected_high].map(profit);
  return { chosen, from_probability, profit: { value, low, high, n: chosen } };
}
