import type { Deed } from './visits.ts';

/** How many persons' latest deeds are remembered, and how many deeds of each. */
const PERSONS = 100_000;
const DEEDS = 200;
const TOLD = 200_000;

/**
 * What was done since the last reading of the warehouse, by person: bounded, the longest untouched is forgotten first.
 * A deed that is told twice (by this process and by the warehouse) counts once.
 */
export class RecentDeeds {
  readonly #byPerson = new Map<string, Deed[]>();
  readonly #persons: number;
  #told = new Set<string>();
  #toldBefore = new Set<string>();
  #forgotten = 0;

  constructor(persons = PERSONS) {
    this.#persons = persons;
  }

  /** How many persons were forgotten: what they did is in the warehouse, and comes back when it is read again. */
  get forgotten(): number {
    return this.#forgotten;
  }

  get size(): number {
    return this.#byPerson.size;
  }

  add(person: string, deed: Deed): void {
    const key = `${deed.event_id}:${deed.product_id}`;
    if (this.#told.has(key) || this.#toldBefore.has(key)) return;
    this.#told.add(key);
    if (this.#told.size >= TOLD) [this.#toldBefore, this.#told] = [this.#told, new Set()];
    const deeds = this.#byPerson.get(person) ?? [];
    deeds.push(deed);
    this.#byPerson.delete(person);
    this.#byPerson.set(person, withoutOldest(deeds));
    this.#forget();
  }

  of(person: string): readonly Deed[] {
    return this.#byPerson.get(person) ?? [];
  }

  /** Forgets what happened before a moment up to which the warehouse was read. */
  forgetBefore(at: number): void {
    for (const [person, deeds] of this.#byPerson) {
      const left = deeds.filter(deed => deed.at > at);
      if (left.length === 0) this.#byPerson.delete(person);
      else this.#byPerson.set(person, left);
    }
    this.#forgotten = 0;
  }

  #forget(): void {
    const [oldest] = this.#byPerson.keys();
    if (this.#byPerson.size <= this.#persons || oldest === undefined) return;
    this.#byPerson.delete(oldest);
    this.#forgotten++;
  }
}

/** Purchases are kept: what was bought must not be shown again. */
function withoutOldest(deeds: Deed[]): Deed[] {
  if (deeds.length <= DEEDS) return deeds;
  const at = deeds.findIndex(deed => deed.kind !== 'bought');
  return deeds.filter((_, place) => place !== at);
}
