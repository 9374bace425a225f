import type { Milliseconds } from '@bellwether/contracts';

/** One thing that was done with one product, as a shop's page tells it. */
export interface Deed {
  /** Tells a deed that was told twice. */
  event_id: string;
  user_id: string;
  anonymous_id: string;
  product_id: string;
  kind: 'looked' | 'added' | 'bought';
  at: Milliseconds;
}

interface Event {
  event_id?: unknown;
  type?: unknown;
  name?: unknown;
  user_id?: unknown;
  anonymous_id?: unknown;
  bot?: unknown;
  at?: unknown;
  properties?: unknown;
}

/** Events that say something of a product. */
export const TELLING = {
  'Product Viewed': 'looked',
  'Product Added': 'added',
  'Order Completed': 'bought',
} as const;

/**
 * The deeds that one stored event tells of; none for others, and for robots.
 *
 * @param event a row of `events`; `properties` as an object or as its text
 * @example
 * deedsOf({ name: 'Product Viewed', user_id: 'c1', properties: '{"product_id":"P1"}', … })
 */
export function deedsOf(event: Event, at: Milliseconds): Deed[] {
  const name = text(event.name);
  if (!Object.hasOwn(TELLING, name) || event.bot === true) return [];
  const kind = TELLING[name as keyof typeof TELLING]; // one of its own, as was just seen
  const properties = objectOf(event.properties);
  const products = kind === 'bought' ? listOf(properties['products']) : [properties];
  const who = {
    event_id: text(event.event_id),
    user_id: text(event.user_id),
    anonymous_id: text(event.anonymous_id),
  };
  return products.flatMap(product => {
    const product_id = text(product['product_id']) || text(product['sku']);
    return product_id === '' ? [] : [{ ...who, product_id, kind, at }];
  });
}

type Fields = Readonly<Record<string, unknown>>;

function objectOf(value: unknown): Fields {
  const parsed: unknown = typeof value === 'string' ? parsedOf(value) : value;
  return typeof parsed === 'object' && parsed !== null ? (parsed as Fields) : {}; // an object has fields
}

function parsedOf(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
