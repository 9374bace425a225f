import { DAY, type Milliseconds, type TrackingEvent } from '@bellwether/contracts';
import { CONTACT_DAYS, liveDay, moodAtStart, readMessage, type Mood } from './behaviour.ts';
import { makeCatalogue, type Product } from './catalogue.ts';
import { makePeople, type Person } from './customer.ts';
import { catalogueOf, tellDay, type Catalogue } from './telling.ts';
import { trueLift, type LiftQuestion, type TrueLift } from './truth.ts';

export interface MarketOptions {
  seed: number;
  /** Customers in all; a part joins while the market runs. */
  customers: number;
  products: number;
  /** Midnight UTC of day 0. */
  start: Milliseconds;
  /** Days over which customers join. */
  days: number;
}

/** What a customer did with a message. */
export interface Reading {
  opens: boolean;
  clicks: boolean;
  unsubscribes: boolean;
}

/**
 * A shop's market with a truth that tests can read and Bellwether cannot: customers with tastes, price sense, a rhythm
 * of purchase, a response to contact and an end. A day at a time, at any speed; the same seed gives the same market.
 *
 * @example
 * const market = createMarket({ seed: 7, customers: 2000, products: 160, start: Date.UTC(2026, 0, 1), days: 240 });
 * for (let day = 0; day < 240; day++) await publish(market.nextDay(), api);
 */
export class Market {
  readonly people: readonly Person[];
  readonly products: readonly Product[];
  readonly #options: MarketOptions;
  readonly #catalogue: Catalogue;
  readonly #moods: Mood[];
  readonly #byId: ReadonlyMap<string, Person>;
  #day = 0;

  constructor(options: MarketOptions) {
    this.#options = options;
    this.people = makePeople(options.seed, options.customers, options.days);
    this.products = makeCatalogue(options.seed, options.products);
    this.#catalogue = catalogueOf(this.products);
    this.#moods = this.people.map(moodAtStart);
    this.#byId = new Map(this.people.map(person => [person.face.userId, person]));
  }

  /** The day that `nextDay` will play, from 0. */
  get day(): number {
    return this.#day;
  }

  /** Midnight at which that day begins. */
  get midnight(): Milliseconds {
    return this.#options.start + this.#day * DAY;
  }

  /** Plays a day and gives its tracking calls in order of time. */
  nextDay(): TrackingEvent[] {
    const events = this.people
      .filter(person => person.joins <= this.#day)
      .flatMap(person => this.#play(person));
    this.#day++;
    return events.sort(byTime);
  }

  /** A message reaches a customer before the day to come; says what the customer does with it, and remembers it. */
  receive(userId: string): Reading {
    const person = this.#byId.get(userId);
    const mood = person && this.#moods[person.index];
    if (person === undefined || mood === undefined || !mood.alive)
      return { opens: false, clicks: false, unsubscribes: false };
    const reading = readMessage(this.#options.seed, person, this.#day);
    if (reading.opens) mood.contactedUntil = this.#day + CONTACT_DAYS - 1;
    if (reading.unsubscribes) mood.subscribed = false;
    return reading;
  }

  /** Whether a customer has joined and has not left for good by the day to come: the market's truth. */
  isAlive(userId: string): boolean {
    const person = this.#byId.get(userId);
    return person !== undefined && person.joins < this.#day && (this.#moods[person.index]?.alive ?? false);
  }

  /** The true effect of a message on people like these from today on: both worlds are played with the same chance. */
  trueLift(
    question: Omit<LiftQuestion, 'people' | 'moods' | 'day'> & { userIds: readonly string[] },
  ): TrueLift {
    const people = question.userIds.map(id => this.#byId.get(id)).filter(person => person !== undefined);
    const moods = people.map(person => this.#moods[person.index]).filter(mood => mood !== undefined);
    return trueLift({ ...question, people, moods, day: this.#day });
  }

  #play(person: Person): TrackingEvent[] {
    const mood = this.#moods[person.index];
    if (mood === undefined) return [];
    const plan = liveDay(this.#options.seed, person, mood, this.#day);
    return tellDay(this.#options.seed, person, mood, plan, this.#day, this.midnight, this.#catalogue);
  }
}

export function createMarket(options: MarketOptions): Market {
  return new Market(options);
}

function byTime(a: TrackingEvent, b: TrackingEvent): number {
  return String(a.timestamp).localeCompare(String(b.timestamp));
}
