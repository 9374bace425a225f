import { AppError, EMAIL_SURFACE, RecommendationSettings } from '@bellwether/contracts';
import type { Records } from '@bellwether/records';
import { clickhouseTime, sqlBeside } from '@bellwether/warehouse';
import type { Engagement } from '../engagement.ts';
import { listArmOf, recommendationUse, type ListArm } from './recommendations-use.ts';

const LISTS = sqlBeside(import.meta.url, 'recommendations.sql');
const PRODUCTS = sqlBeside(import.meta.url, 'recommendations-products.sql');

/** A product as a message tells of it. */
export interface MessageProduct {
  product_id: string;
  title: string;
  /** As the reader's language writes it; empty where it is not known. */
  price: string;
  /** With the list and the product in its query, so that a click is counted for both; empty where there is none. */
  url: string;
  image_url: string;
}

/** The products of one message. */
export interface MessageList extends ListArm {
  request_id: string;
  version: number;
  items: MessageProduct[];
}

/** For whom a list is made. */
export interface Reader {
  /** The message. */
  key: string;
  customerId: string;
  locale: string;
}

interface ListRow {
  id: string;
  products: string[];
  version: number;
  bought: string[];
}

interface ProductRow {
  product_id: string;
  title: string;
  category: string;
  price: number | null;
  currency: string;
  stock: number | null;
  url: string;
  image_url: string;
}

/**
 * Products for a whole batch of messages, in two queries however many there are: those of the last scoring, under the
 * rules, stock and purchases of this moment, filled up with what sells best. The hold-out gets what sells best, or nothing.
 *
 * @param k products of a message at most
 * @returns lists by the key of their message
 */
export async function listsFor(
  { stores: { warehouse, records, clock }, shop }: Engagement,
  readers: readonly Reader[],
  k: number,
): Promise<Map<string, MessageList>> {
  if (readers.length === 0) return new Map();
  const [use, settings] = await Promise.all([recommendationUse(records), settingsOf(records)]);
  const now = clock.now();
  const as_of = clickhouseTime(now);
  const ids = [...new Set(readers.map(reader => reader.customerId))];
  const rows = await warehouse.query<ListRow>(LISTS, { ids, as_of });
  const pins = pinsAt(settings, now);
  const products = [...new Set([...pins.map(pin => pin.product_id), ...rows.flatMap(row => row.products)])];
  const known = new Map(
    (await warehouse.query<ProductRow>(PRODUCTS, { products, as_of })).map(row => [row.product_id, row]),
  );
  const byId = new Map(rows.map(row => [row.id, row]));
  const popular = byId.get('')?.products ?? [];
  return new Map(
    readers.map(reader => {
      const arm = listArmOf(reader.customerId, EMAIL_SURFACE, use);
      const row = byId.get(reader.customerId);
      const ranked = arm.shows === 'recommended' ? [...(row?.products ?? []), ...popular] : popular;
      const bought = new Set(settings.dials.repeats ? [] : row?.bought);
      const allowed = (id: string): boolean => !bought.has(id) && isAllowed(known.get(id), settings);
      const chosen =
        arm.shows === 'nothing'
          ? []
          : withPins(
              ranked.filter(allowed),
              pins.filter(pin => allowed(pin.product_id)),
              k,
            );
      const request_id = `mail:${reader.key}`;
      const items = chosen.flatMap(id => productOf(known.get(id), reader, shop.currency));
      return [reader.key, { ...arm, request_id, version: row?.version ?? 0, items }] as const;
    }),
  );
}

/** @throws AppError `settings.invalid` */
async function settingsOf(records: Records): Promise<RecommendationSettings> {
  const row = await records
    .selectFrom('settings')
    .select('value')
    .where('key', '=', 'recommendation')
    .executeTakeFirst();
  const parsed = RecommendationSettings.safeParse(row?.value ?? {});
  if (parsed.success) return parsed.data;
  throw new AppError(
    'settings.invalid',
    `the setting "recommendation" is not valid: ${parsed.error.message}`,
  );
}

type Pins = RecommendationSettings['pins'];

function pinsAt({ pins }: RecommendationSettings, now: number): Pins {
  return pins.filter(
    ({ surface, until }) =>
      (surface === undefined || surface === EMAIL_SURFACE) &&
      (until === undefined || Date.parse(until) > now),
  );
}

function isAllowed(product: ProductRow | undefined, { blocked, dials }: RecommendationSettings): boolean {
  if (product === undefined) return false;
  const isOut = dials.stock && product.stock !== null && product.stock <= 0;
  return !isOut && !blocked.includes(product.product_id) && !blocked.includes(product.category);
}

/** Each product once; a pin takes its place, or the first that is free. */
function withPins(ranked: readonly string[], pins: Pins, k: number): string[] {
  const pinned = new Set(pins.map(pin => pin.product_id));
  const list = [...new Set(ranked)].filter(id => !pinned.has(id)).slice(0, k);
  const placed = [...pins].sort((a, b) => (a.position ?? 1) - (b.position ?? 1));
  for (const { product_id, position = 1 } of placed)
    if (position <= k && !list.includes(product_id)) list.splice(position - 1, 0, product_id);
  return list.slice(0, k);
}

function productOf(
  product: ProductRow | undefined,
  { key, locale }: Reader,
  shopCurrency: string,
): MessageProduct[] {
  if (product === undefined) return [];
  const { product_id, title, price, currency, url, image_url } = product;
  return [
    {
      ...{ product_id, title, image_url },
      price: price === null ? '' : priceIn(locale, price, currency || shopCurrency),
      url: taggedUrl(url, `mail:${key}`, product_id),
    },
  ];
}

/** In the product's own currency, as the reader's language writes it. XXX is ISO 4217's word for none. */
function priceIn(locale: string, price: number, currency: string): string {
  const isKnown = /^[A-Z]{3}$/.test(currency) && currency !== 'XXX';
  return new Intl.NumberFormat(locale, isKnown ? { style: 'currency', currency } : {}).format(price);
}

function taggedUrl(url: string, list: string, product: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return '';
  const tagged = new URL(url);
  tagged.searchParams.set('bw_list', list);
  tagged.searchParams.set('bw_product', product);
  return tagged.href;
}
