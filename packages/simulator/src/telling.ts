import type { TrackingEvent } from '@bellwether/contracts';
import type { DayPlan, Mood } from './behaviour.ts';
import { CATEGORIES, type Product } from './catalogue.ts';
import type { Person } from './customer.ts';
import { drawsFor, type Draws } from './random.ts';

const MINUTE = 60_000;
const DAY_MINUTES = 24 * 60;

/** Share of visits in which an old version of the shop's app sends something that no receiver can use. */
const BROKEN = 0.004;

/** Where a visit's events are written: the calls that the shop's own pages would make. */
interface Visit {
  person: Person;
  /** Milliseconds; moves on as the visitor does. */
  at: number;
  known: boolean;
  events: TrackingEvent[];
  nextId: () => string;
}

/** The tracking calls of one customer's day, in order of time. */
export function tellDay(
  seed: number,
  person: Person,
  mood: Mood,
  plan: DayPlan,
  day: number,
  midnight: number,
  catalogue: Catalogue,
): TrackingEvent[] {
  if (plan.visits === 0) return [];
  const draws = drawsFor(seed, 14, person.index, day);
  const events: TrackingEvent[] = [];
  let serial = 0;
  const nextId = (): string => `${seed}-${person.index}-${day}-${serial++}`;
  const starts = visitStarts(plan.visits, draws);
  starts.forEach((minute, n) => {
    const visit: Visit = { person, at: midnight + minute * MINUTE, known: mood.registered, events, nextId };
    const last = n === starts.length - 1;
    browse(visit, draws, catalogue);
    if (plan.buys && last) buy(visit, mood, draws, catalogue);
    else if (!mood.registered && draws.chance(0.1)) register(visit, mood);
    if (draws.chance(BROKEN)) visit.events.push(broken(visit, draws));
  });
  return events;
}

/** Minutes of the day at which visits begin: mostly evenings, never so late that one crosses midnight. */
function visitStarts(visits: number, draws: Draws): number[] {
  const minute = (): number =>
    Math.min(DAY_MINUTES - 45, Math.max(5, Math.round(18.5 * 60 + 200 * draws.normal())));
  return Array.from({ length: Math.min(visits, 4) }, minute).sort((a, b) => a - b);
}

/** Products by category, with the weights by which one is picked. */
export interface Catalogue {
  byCategory: readonly { products: readonly Product[]; appeal: readonly number[] }[];
}

export function catalogueOf(products: readonly Product[]): Catalogue {
  const byCategory = CATEGORIES.map((_, category) => {
    const own = products.filter(product => product.category === category);
    return { products: own, appeal: own.map(product => product.appeal) };
  });
  return { byCategory };
}

function choose(visit: Visit, draws: Draws, catalogue: Catalogue): Product | undefined {
  const { tastes, priceSense } = visit.person.truth;
  const shelf = catalogue.byCategory[draws.weighted(tastes)];
  if (shelf === undefined || shelf.products.length === 0) return undefined;
  const usual = CATEGORIES[shelf.products[0]?.category ?? 0]?.price ?? 1;
  const weights = shelf.products.map(
    (product, n) => (shelf.appeal[n] ?? 0) * Math.exp(-priceSense * Math.max(0, product.price / usual - 1)),
  );
  return shelf.products[draws.weighted(weights)];
}

function browse(visit: Visit, draws: Draws, catalogue: Catalogue): void {
  say(visit, draws, { type: 'page', name: 'Home', properties: { path: '/' } });
  const viewed = 1 + draws.poisson(0.8);
  for (let n = 0; n < viewed; n++) {
    const product = choose(visit, draws, catalogue);
    if (product === undefined) continue;
    say(visit, draws, { type: 'track', event: 'Product Viewed', properties: described(product) });
    if (draws.chance(0.12))
      say(visit, draws, { type: 'track', event: 'Product Added', properties: described(product) });
  }
}

function register(visit: Visit, mood: Mood): void {
  mood.registered = true;
  visit.known = true;
  const { userId: _userId, anonymousId: _anonymousId, ...traits } = visit.person.face;
  visit.events.push({
    ...envelope(visit),
    type: 'identify',
    traits: { ...traits, createdAt: new Date(visit.at).toISOString() },
  });
}

function buy(visit: Visit, mood: Mood, draws: Draws, catalogue: Catalogue): void {
  if (!mood.registered) register(visit, mood);
  const lines = Array.from({ length: 1 + draws.poisson(0.9) }, () => choose(visit, draws, catalogue)).filter(
    product => product !== undefined,
  );
  const products = lines.map(product => ({ ...described(product), quantity: 1 + draws.poisson(0.4) }));
  if (products.length === 0) return;
  const total = products.reduce((sum, product) => sum + product.price * product.quantity, 0);
  const properties = {
    order_id: `O-${visit.nextId()}`,
    currency: 'GBP',
    total: Math.round(total * 100) / 100,
    products,
  };
  say(visit, draws, { type: 'track', event: 'Order Completed', properties });
}

function described(product: Product): {
  product_id: string;
  name: string;
  category: string;
  brand: string;
  price: number;
} {
  return {
    product_id: product.id,
    name: product.title,
    category: CATEGORIES[product.category]?.name ?? '',
    brand: product.brand,
    price: product.price,
  };
}

/** What the old app does wrong: a date in words, an event without a name, nobody to whom it belongs. */
function broken(visit: Visit, draws: Draws): TrackingEvent {
  const said = envelope(visit);
  const faults: TrackingEvent[] = [
    { ...said, type: 'track', event: 'App Opened', timestamp: 'yesterday evening' },
    { ...said, type: 'track' },
    { type: 'track', event: 'App Opened', messageId: visit.nextId() },
  ];
  return draws.pick(faults);
}

function envelope(visit: Visit): Pick<TrackingEvent, 'messageId' | 'userId' | 'anonymousId' | 'timestamp'> {
  const { userId, anonymousId } = visit.person.face;
  return {
    messageId: visit.nextId(),
    anonymousId,
    ...(visit.known ? { userId } : {}),
    timestamp: new Date(visit.at).toISOString(),
  };
}

function say(visit: Visit, draws: Draws, said: Omit<TrackingEvent, 'messageId'>): void {
  visit.events.push({ ...envelope(visit), ...said } as TrackingEvent); // Omit on a loose object forgets its known fields
  visit.at += (20 + draws.below(100)) * 1_000;
}
