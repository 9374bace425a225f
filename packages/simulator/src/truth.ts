import { CONTACT_DAYS, liveDay, readMessage, type Mood } from './behaviour.ts';
import type { Person } from './customer.ts';

export interface LiftQuestion {
  people: readonly Person[];
  /** Their moods today; copied, not moved. */
  moods: readonly Mood[];
  /** Today, the day that comes next. */
  day: number;
  /** Days from today until the message arrives. */
  wait: number;
  /** Days from today in which an order counts. */
  days: number;
  /** How many futures are played; more give a steadier figure. */
  futures: number;
  seed: number;
}

export interface TrueLift {
  /** Share who buy if everybody with consent is sent the message, and if nobody is. */
  treated: number;
  untreated: number;
  /** Their difference: the effect of the intention to treat. */
  lift: number;
}

/**
 * Plays the same people into many futures, each once with the message and once without, on the same chance, so that
 * nothing but the message differs (common random numbers).
 */
export function trueLift(question: LiftQuestion): TrueLift {
  let treated = 0;
  let untreated = 0;
  for (let future = 0; future < question.futures; future++) {
    const seed = question.seed + 7919 * (future + 1);
    question.people.forEach((person, n) => {
      const mood = question.moods[n];
      if (mood === undefined) return;
      treated += buys(question, seed, person, mood, true);
      untreated += buys(question, seed, person, mood, false);
    });
  }
  const played = Math.max(1, question.futures * question.people.length);
  return { treated: treated / played, untreated: untreated / played, lift: (treated - untreated) / played };
}

function buys(question: LiftQuestion, seed: number, person: Person, now: Mood, sent: boolean): 0 | 1 {
  const mood = { ...now };
  for (let day = question.day; day < question.day + question.days; day++) {
    const arrives = sent && mood.subscribed && day === question.day + question.wait;
    if (arrives && readMessage(seed, person, day).opens) mood.contactedUntil = day + CONTACT_DAYS - 1;
    if (liveDay(seed, person, mood, day).buys) return 1;
  }
  return 0;
}
