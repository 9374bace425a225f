import { AppError } from '@bellwether/contracts';
import { sqlBeside, type Warehouse } from '@bellwether/warehouse';
import { NOT_PRODUCT_PATTERN, NOT_PRODUCTS } from './codes.ts';

const SHOP = sqlBeside(import.meta.url, 'shop.sql');
const MIDDLE = sqlBeside(import.meta.url, 'middle.sql');

/** What preparation is told of the shop; everything has a default. */
export interface ShopSettings {
  /** Zone of the shop's days, an IANA name; UTC if none is given. */
  timezone?: string;
  /** Currency of the prepared amounts, by its three letters; the most common one if none is given. */
  currency?: string;
  /** What one unit of each currency is worth, all in one and the same currency: `{ EUR: 1, USD: 0.92, CNY: 0.13 }`. */
  rates?: Readonly<Record<string, number>>;
  /** Codes of order lines that are no product, in capitals, in place of the usual ones. */
  notProducts?: readonly string[];
}

/** What the steps need to know of the whole before they judge a line: the parameters of their SQL. */
export interface Shop {
  currency: string;
  timezone: string;
  /** Currency -> units of the shop's currency; '' is the shop's own. */
  factors: Readonly<Record<string, number>>;
  c_means_cancelled: boolean;
  not_products: readonly string[];
  not_product_pattern: string;
  quantity_middle: number;
  quantity_reach: number;
  price_middle: number;
  price_reach: number;
}

/** An outlier lies more than this many robust standard deviations from the median, in logarithms. */
const REACH = 5;
/** A median absolute deviation times this estimates a normal standard deviation. */
const MAD_TO_SIGMA = 1.4826;
/** Where half of all lines are alike the deviation is 0; lines within a factor of e^2.5 = 12 are then no outliers. */
const LEAST_SIGMA = 0.5;

/**
 * Learns the shop from its order lines, as far as the settings leave it open.
 *
 * @throws AppError `preparation.unknown_timezone`, `preparation.bad_rate`
 */
export async function learnShop(warehouse: Warehouse, settings: ShopSettings): Promise<Shop> {
  const timezone = knownTimezone(settings.timezone ?? 'UTC');
  const said = await warehouse.one<{ most_common: string; c_means_cancelled: boolean }>(SHOP);
  const currency = (settings.currency ?? said.most_common).trim().toUpperCase();
  const factors = factorsTo(currency, settings.rates ?? {});
  return {
    currency,
    timezone,
    factors,
    c_means_cancelled: said.c_means_cancelled,
    not_products: settings.notProducts ?? NOT_PRODUCTS,
    not_product_pattern: NOT_PRODUCT_PATTERN,
    ...(await usualAmounts(warehouse, factors)),
  };
}

/** The shop as parameters of a query; ClickHouse takes a map of currencies as a Map. */
export function shopParams(shop: Shop): Record<string, unknown> {
  return { ...shop, factors: new Map(Object.entries(shop.factors)) };
}

function knownTimezone(timezone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone }).resolvedOptions().timeZone;
  } catch (cause) {
    const what = `"${timezone}" is not a time zone; write it as Europe/London or Asia/Shanghai`;
    throw new AppError('preparation.unknown_timezone', what, { cause });
  }
}

function factorsTo(currency: string, rates: Readonly<Record<string, number>>): Record<string, number> {
  const factors: Record<string, number> = {};
  const own = rates[currency];
  for (const [code, rate] of Object.entries(rates)) {
    if (!(rate > 0 && Number.isFinite(rate)))
      throw new AppError('preparation.bad_rate', `the rate of ${code} is ${rate}; it must be above 0`);
    if (own !== undefined) factors[code] = rate / own;
  }
  return { ...factors, '': 1, [currency]: 1 };
}

type Usual = Pick<Shop, 'quantity_middle' | 'quantity_reach' | 'price_middle' | 'price_reach'>;

async function usualAmounts(warehouse: Warehouse, factors: Shop['factors']): Promise<Usual> {
  const middle = await medians(warehouse, factors, { spread: false, quantity: 0, price: 0 });
  const spread = await medians(warehouse, factors, { spread: true, ...middle });
  const reach = (mad: number): number => REACH * Math.max(MAD_TO_SIGMA * mad, LEAST_SIGMA);
  return {
    quantity_middle: middle.quantity,
    quantity_reach: reach(spread.quantity),
    price_middle: middle.price,
    price_reach: reach(spread.price),
  };
}

interface Medians {
  quantity: number;
  price: number;
}

/** Medians, 0 where there is no line to take one of. */
async function medians(
  warehouse: Warehouse,
  factors: Shop['factors'],
  asked: Medians & { spread: boolean },
): Promise<Medians> {
  const params = { ...asked, factors: new Map(Object.entries(factors)) };
  const row = await warehouse.one<{ quantity_median: number; price_median: number }>(MIDDLE, params);
  const orNone = (median: number): number => (Number.isFinite(median) ? median : 0);
  return { quantity: orNone(row.quantity_median), price: orNone(row.price_median) };
}
