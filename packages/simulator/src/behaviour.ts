import type { Person } from './customer.ts';
import { drawsFor, type Draws } from './random.ts';

/** What changes in a customer from day to day. */
export interface Mood {
  alive: boolean;
  /** Passing interest: about standard normal, carried over from day to day. */
  interest: number;
  lastOrderDay: number;
  /** Last day on which a message that was read still works. */
  contactedUntil: number;
  registered: boolean;
  subscribed: boolean;
}

/** What a customer does on a day, before it is told as events. */
export interface DayPlan {
  visits: number;
  buys: boolean;
}

/** Days for which a message that was read changes the rate of purchase. */
export const CONTACT_DAYS = 7;

const INTEREST_CARRIED = 0.9;
const WEEKDAYS = [1.1, 0.9, 0.85, 0.9, 1, 1.1, 1.3];

const STREAM = { mood: 11, purchase: 12 };

export function moodAtStart(person: Person): Mood {
  return {
    alive: true,
    interest: 0,
    // spread, so that day 0 is no special day
    lastOrderDay: person.joins - Math.floor(person.truth.cycle),
    contactedUntil: -1,
    registered: false,
    subscribed: person.face.emailConsent,
  };
}

/** One day of one customer: moves the mood on and says what happens. Reads no chance but that of this person and day. */
export function liveDay(seed: number, person: Person, mood: Mood, day: number): DayPlan {
  const draws = drawsFor(seed, STREAM.mood, person.index, day);
  const carried = INTEREST_CARRIED * mood.interest;
  mood.interest = carried + Math.sqrt(1 - INTEREST_CARRIED ** 2) * draws.normal();
  if (draws.chance(person.truth.churnRate)) mood.alive = false;
  if (!mood.alive) return { visits: 0, buys: false };
  const visits = draws.poisson(person.truth.visitRate * Math.exp(0.7 * mood.interest));
  const buys = drawsFor(seed, STREAM.purchase, person.index, day).chance(purchaseChance(person, mood, day));
  if (buys) mood.lastOrderDay = day;
  return { visits: buys ? Math.max(1, visits) : visits, buys };
}

/** Probability of an order today: a proportional hazard in interest, weekday, time since the last order and contact. */
export function purchaseChance(person: Person, mood: Mood, day: number): number {
  const { purchaseRate, cycle, contactFactor } = person.truth;
  const since = day - mood.lastOrderDay;
  const rested = 1 - Math.exp(-since / 8);
  const due = 1 + 1.5 * Math.exp(-(((since - cycle) / 6) ** 2));
  const contact = day <= mood.contactedUntil ? contactFactor : 1;
  const weekday = WEEKDAYS[((day % 7) + 7) % 7] ?? 1;
  const hazard = purchaseRate * rested * due * contact * weekday * Math.exp(0.8 * mood.interest - 0.32);
  return 1 - Math.exp(-hazard);
}

/** Whether a message is opened, clicked, or answered by unsubscribing; the day's chance, not the market's order of play. */
export function readMessage(
  seed: number,
  person: Person,
  day: number,
): { opens: boolean; clicks: boolean; unsubscribes: boolean } {
  const draws: Draws = drawsFor(seed, 13, person.index, day);
  const opens = draws.chance(person.truth.opens);
  const clicks = opens && draws.chance(person.truth.clicks);
  return { opens, clicks, unsubscribes: opens && draws.chance(person.truth.unsubscribes) };
}
