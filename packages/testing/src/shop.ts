import { DAY } from '@bellwether/contracts';
import { Rng } from '@bellwether/ml';
import { clickhouseTime, type Warehouse } from '@bellwether/warehouse';

/** A small shop as trusted tables and events, with a truth that a model can find: who buys often buys again, who looks buys. */
export interface Shop {
  lines: ShopLine[];
  events: ShopEvent[];
  identity: { alias: string; customer_id: string; linked_at: string }[];
  /** Midnight after the last day. */
  end: number;
}

export interface ShopLine {
  line_key: string;
  order_id: string;
  customer_id: string;
  known: boolean;
  product_id: string;
  quantity: number;
  unit_price: number;
  amount: number;
  currency: string;
  country: string;
  at: string;
  received_at: string;
  kind: 'sale' | 'return';
  reason: string;
}

export interface ShopEvent {
  event_id: string;
  type: string;
  name: string;
  user_id: string;
  anonymous_id: string;
  at: string;
  received_at: string;
}

export interface ShopOptions {
  seed: number;
  customers: number;
  days: number;
  /** Midnight UTC of the first day. */
  start: number;
}

interface Customer {
  id: string;
  anonymous: string;
  /** Orders a day while alive. */
  rate: number;
  joins: number;
  leaves: number;
  country: string;
}

/** Days by which some rows arrive after they happened. */
const LATE_DAYS = 5;

/**
 * Customers with a rate of purchase (lognormal), a day on which they join and one on which they are gone for good; a look at products
 * before most orders; returns, anonymous baskets, rows that came late. The same seed gives the same shop.
 */
export function makeShop({ seed, customers, days, start }: ShopOptions): Shop {
  const rng = new Rng(seed);
  const shop: Shop = { lines: [], events: [], identity: [], end: start + days * DAY };
  for (let n = 0; n < customers; n++) {
    const customer = makeCustomer(rng, n, days);
    const linked_at = clickhouseTime(start + customer.joins * DAY);
    shop.identity.push({ alias: `anon:${customer.anonymous}`, customer_id: customer.id, linked_at });
    shop.identity.push({ alias: customer.id, customer_id: customer.id, linked_at });
    for (let day = customer.joins; day < Math.min(days, customer.leaves); day++)
      liveDay(shop, rng, customer, start + day * DAY, day === customer.joins);
  }
  return shop;
}

function makeCustomer(rng: Rng, n: number, days: number): Customer {
  const joins = rng.uniform() < 0.5 ? rng.integer(20) : rng.integer(days);
  return {
    id: `c${n}`,
    anonymous: `a${n}`,
    rate: Math.exp(-3.9 + 1.1 * rng.normal()),
    joins,
    leaves: joins + 1 + Math.floor(-240 * Math.log(1 - rng.uniform())),
    country: rng.uniform() < 0.8 ? 'United Kingdom' : 'France',
  };
}

function liveDay(shop: Shop, rng: Rng, customer: Customer, midnight: number, first: boolean): void {
  const looks = rng.uniform() < Math.min(0.6, 3 * customer.rate);
  if (looks) look(shop, rng, customer, midnight);
  const buys = first || rng.uniform() < customer.rate * (looks ? 2.2 : 0.4);
  if (buys) buy(shop, rng, customer, midnight);
}

function look(shop: Shop, rng: Rng, { id, anonymous }: Customer, midnight: number): void {
  const at = midnight + rng.integer(DAY / 2);
  shop.events.push({
    event_id: `e${shop.events.length}`,
    type: 'track',
    name: 'Product Viewed',
    user_id: rng.uniform() < 0.5 ? id : '',
    anonymous_id: anonymous,
    ...arrival(rng, at),
  });
}

function buy(shop: Shop, rng: Rng, { id, country }: Customer, midnight: number): void {
  const [n, at] = [shop.lines.length, midnight + DAY / 2 + rng.integer(DAY / 2)];
  const known = rng.uniform() > 0.05;
  const customer_id = known ? id : `basket:o${n}`;
  const times = arrival(rng, at);
  for (let line = 0; line <= rng.integer(3); line++) {
    const sale: ShopLine = {
      line_key: `l${shop.lines.length}`,
      order_id: `o${n}`,
      customer_id,
      known,
      product_id: `p${rng.integer(60)}`,
      quantity: 1 + rng.integer(4),
      unit_price: 5 + rng.integer(40),
      amount: 0,
      currency: 'GBP',
      country,
      ...times,
      kind: 'sale',
      reason: rng.uniform() < 0.02 ? 'test_code' : '',
    };
    sale.amount = sale.quantity * sale.unit_price;
    shop.lines.push(sale);
    if (rng.uniform() < 0.06) bringBack(shop, rng, sale, at);
  }
}

function bringBack(shop: Shop, rng: Rng, sale: ShopLine, sold: number): void {
  const at = sold + (1 + rng.integer(20)) * DAY;
  if (at >= shop.end) return;
  shop.lines.push({
    ...sale,
    line_key: `l${shop.lines.length}`,
    order_id: `C${sale.order_id}`,
    kind: 'return',
    amount: -sale.amount,
    ...arrival(rng, at),
  });
}

/** Most rows are known when they happen; one in fifty some days later. */
function arrival(rng: Rng, at: number): { at: string; received_at: string } {
  const late = rng.uniform() < 0.02 ? (1 + rng.integer(LATE_DAYS)) * DAY : 0;
  return { at: clickhouseTime(at), received_at: clickhouseTime(at + late) };
}

/** Puts a shop into an empty warehouse, as if collected and prepared. */
export async function fillShop(warehouse: Warehouse, { lines, events, identity }: Shop): Promise<void> {
  await warehouse.insert('prepared_order_lines', lines, { token: 'shop-lines' });
  await warehouse.insert('events', events, { token: 'shop-events' });
  await warehouse.insert('identity', identity, { token: 'shop-identity' });
}
