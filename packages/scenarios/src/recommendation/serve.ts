import type {
  Milliseconds,
  RecommendationQuery,
  Recommendations,
  RecommendationSettings,
  RecommendedItem,
} from '@bellwether/contracts';
import { DAY } from '@bellwether/contracts';
import { arranged, type Arranged } from './arrange.ts';
import type { Learned } from './learned.ts';
import { namesInOrder, type Names } from './names.ts';
import { historyAt, WEIGHTS, type History, type Past } from './past.ts';
import { RecentDeeds } from './recent.ts';
import { shelfOf, type Shelf } from './shelf.ts';
import type { Deed } from './visits.ts';

/** What an answer is made of, read from the stores at some moment. */
export interface ServingState extends Past {
  /** 0 where no version is in use. */
  version: number;
  learned: Learned | undefined;
  /** Other ids of customers, with the customer that each belongs to. */
  aliases: ReadonlyMap<string, string>;
  settings: RecommendationSettings;
  /** Customers who object to being profiled: what they do is not remembered. */
  objectors: ReadonlySet<string>;
}

type Answer = Omit<Recommendations, 'request_id'>;

/**
 * Answers in memory: products of the version in use, what everybody did, and what happened since. Nothing is asked of
 * the stores for an answer.
 *
 * @example
 * const live = new LiveRecommendations(state);
 * live.told(deed);
 * live.answer({ customer_id: 'c1', k: 10, surface: 'home' }, now).items[0].product_id;
 */
export class LiveRecommendations {
  readonly #recent: RecentDeeds;
  /** Visitors who said who they are since the last reading. */
  readonly #linked = new Map<string, string>();
  #state: ServingState;
  #shelf: Shelf;
  #ids: Names;
  #allowed: Uint8Array;
  #toldAt: Milliseconds;

  constructor(state: ServingState, persons?: number) {
    this.#recent = new RecentDeeds(persons);
    this.#state = state;
    this.#toldAt = state.asOf;
    [this.#shelf, this.#ids, this.#allowed] = partsOf(state);
  }

  get version(): number {
    return this.#state.version;
  }

  /** Whether so much was forgotten that the warehouse should be read again. */
  get stale(): boolean {
    return this.#recent.forgotten > 0;
  }

  /** Takes what was read anew; what happened after its moment stays. */
  renew(state: ServingState): void {
    [this.#shelf, this.#ids, this.#allowed] = partsOf(state);
    this.#state = state;
    this.#toldAt = Math.max(this.#toldAt, state.asOf);
    this.#recent.forgetBefore(state.asOf);
  }

  /** New rules hold from the next answer on. */
  rule(settings: RecommendationSettings): void {
    this.#state = { ...this.#state, settings };
    this.#allowed = allowedBy(this.#state);
  }

  /** Somebody did something: the next answer for them knows. */
  told(deed: Deed): void {
    const { user_id, anonymous_id } = deed;
    const person = user_id === '' ? this.#visitor(anonymous_id) : this.#customer(user_id);
    if (user_id !== '' && anonymous_id !== '') this.#link(anonymous_id, person);
    if (!this.#state.objectors.has(person)) this.#recent.add(person, deed);
    this.#toldAt = Math.max(this.#toldAt, deed.at);
  }

  /** A visitor turns out to be this customer: what they did before is theirs. */
  #link(anonymousId: string, customer: string): void {
    const visitor = `anon:${anonymousId}`;
    if (this.#state.aliases.get(visitor) === customer) return;
    this.#linked.delete(visitor);
    this.#linked.set(visitor, customer);
    const [oldest] = this.#linked.keys();
    if (this.#linked.size > LINKS && oldest !== undefined) this.#linked.delete(oldest);
  }

  #customer(id: string): string {
    return this.#state.aliases.get(id) ?? id;
  }

  #visitor(anonymousId: string): string {
    const visitor = `anon:${anonymousId}`;
    return this.#linked.get(visitor) ?? this.#state.aliases.get(visitor) ?? visitor;
  }

  answer(query: RecommendationQuery, now: Milliseconds): Answer {
    const { numberOf } = this;
    const shelf = this.#shelf;
    const person = this.#historyOf(query);
    const context = this.#contextOf(query);
    const history = context ?? person;
    const without = (query.exclude ?? []).map(numberOf).filter(item => item !== undefined);
    const shown = [...without, ...(context ? context.items : [])];
    const { repeats } = this.#state.settings.dials;
    const bought = repeats ? [] : [...person.items].filter((_, at) => person.orders[at] > 0);
    const hidden = new Set([...shown, ...bought]);
    const ranking = shelf.rank(history, {
      ...{ k: Math.max(DEPTH, 3 * query.k), repeats: true, allowed: this.#allowed, without: [...hidden] },
      ...(context && { method: 'neighbours' as const }),
    });
    const items = arranged(shelf, ranking, {
      ...{ k: query.k, settings: this.#state.settings, surface: query.surface, now, numberOf },
      allows: item => this.#allowed[item] === 1 && !hidden.has(item),
    });
    const kind = context
      ? query.basket
        ? 'basket'
        : 'product'
      : person.items.length > 0
        ? 'person'
        : 'cold';
    return {
      version: this.#state.version,
      as_of: new Date(Math.max(this.#toldAt, this.#state.asOf)).toISOString(),
      kind,
      items: items.map((one, at) => this.#told(one, at)),
    };
  }

  /** An answer under other rules; those that hold go on holding. */
  answerUnder(settings: RecommendationSettings, query: RecommendationQuery, now: Milliseconds): Answer {
    const before = this.#state.settings;
    this.rule(settings);
    try {
      return this.answer(query, now);
    } finally {
      this.rule(before);
    }
  }

  readonly numberOf = (productId: string): number | undefined => {
    const place = this.#ids.find(productId);
    return place < 0 ? undefined : place;
  };

  #told({ item, score, source }: Arranged, at: number): RecommendedItem {
    const { product_id, title, category, price, currency, url, image_url } = this.#shelf.catalogue[item];
    const named = title === '' ? product_id : title;
    return {
      product_id,
      position: at + 1,
      score,
      source,
      title: named,
      category,
      price,
      currency,
      url,
      image_url,
    };
  }

  /** What the person did, in the warehouse and since. */
  #historyOf({ customer_id, anonymous_id }: RecommendationQuery): History {
    const persons = new Set<string>();
    if (customer_id !== undefined) persons.add(this.#customer(customer_id));
    if (anonymous_id !== undefined) persons.add(this.#visitor(anonymous_id)).add(`anon:${anonymous_id}`);
    const deeds = new Map<number, Done>();
    for (const person of persons) {
      if (this.#state.objectors.has(person)) continue;
      const row = this.#state.histories.ids.find(person);
      if (row >= 0) addPast(deeds, historyAt(this.#state.histories, row));
      for (const deed of this.#recent.of(person)) this.#addDeed(deeds, deed);
    }
    return historyOf(deeds);
  }

  #addDeed(deeds: Map<number, Done>, { product_id, kind, at }: Deed): void {
    const item = this.numberOf(product_id);
    if (item === undefined) return;
    const before = deeds.get(item) ?? { value: 0, days: Infinity, orders: 0 };
    const worth = WORTH[kind];
    deeds.set(item, {
      value: Math.log1p(Math.expm1(before.value) + worth),
      days: Math.min(before.days, (this.#state.asOf - at) / DAY),
      orders: before.orders + (kind === 'bought' ? 1 : 0),
    });
  }

  /** A basket or a product, as a history of its own. */
  #contextOf({ basket, product_id }: RecommendationQuery): History | undefined {
    const ids = basket ?? (product_id === undefined ? [] : [product_id]);
    const items = new Set(ids.map(this.numberOf).filter(item => item !== undefined));
    if (items.size === 0) return undefined;
    return historyOf(
      new Map(
        [...items].map(item => [item, { value: Math.log1p(WEIGHTS.bought_weight), days: 0, orders: 1 }]),
      ),
    );
  }
}

const LINKS = 100_000;
/** Products that are ranked before dials choose among them. */
const DEPTH = 60;
const WORTH = { looked: 1, added: WEIGHTS.added_weight, bought: WEIGHTS.bought_weight } as const;

interface Done {
  value: number;
  days: number;
  orders: number;
}

function addPast(deeds: Map<number, Done>, { items, values, days, orders }: History): void {
  items.forEach((item, at) => {
    const before = deeds.get(item);
    deeds.set(item, {
      value: before ? Math.log1p(Math.expm1(before.value) + Math.expm1(values[at])) : values[at],
      days: Math.min(before?.days ?? Infinity, days[at]),
      orders: (before?.orders ?? 0) + orders[at],
    });
  });
}

function historyOf(deeds: ReadonlyMap<number, Done>): History {
  const items = Uint32Array.from(deeds.keys()).sort();
  const of = (item: number): Done => deeds.get(item) ?? { value: 0, days: 0, orders: 0 };
  return {
    items,
    values: Float32Array.from(items, item => of(item).value),
    days: Float32Array.from(items, item => of(item).days),
    orders: Uint8Array.from(items, item => Math.min(255, of(item).orders)),
  };
}

function partsOf(state: ServingState): [Shelf, Names, Uint8Array] {
  const shelf = shelfOf(state.learned, state.catalogue);
  return [shelf, namesInOrder(state.catalogue.map(({ product_id }) => product_id)), allowedBy(state)];
}

/** 1 for each product that a rule does not forbid. */
export function allowedBy({ catalogue, settings }: Pick<ServingState, 'catalogue' | 'settings'>): Uint8Array {
  const blocked = new Set(settings.blocked);
  return Uint8Array.from(catalogue, ({ product_id, category, stock }) => {
    const isOut = settings.dials.stock && stock !== null && stock <= 0;
    return Number(!isOut && !blocked.has(product_id) && !(category !== '' && blocked.has(category)));
  });
}
