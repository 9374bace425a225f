import { RECOMMENDATION_SOURCES, type RecommendationSource } from '@bellwether/contracts';
import { exactIndex, type ItemIndex } from '@bellwether/ml';
import { contentVectors } from './content.ts';
import { foldingIn } from './fold-in.ts';
import type { Learned, Method, Weights } from './learned.ts';
import { dot, isZero, lastDeeds, searched, Voices, type Allows, type Named } from './named.ts';
import { newnessOf, numberedBy, numbersTo, placesOf, renumbered } from './numbering.ts';
import type { Catalogue, History } from './past.ts';
import { scoreOf, SIGNALS, type Ranker } from './ranker.ts';
import { centroid, tasteOf } from './taste.ts';
import { topOf, type Ranked } from './top.ts';

/** What may be shown to one person. */
export interface RankOptions {
  /** Length of the answer at most. */
  k: number;
  /** Whether what was bought may come back. */
  repeats?: boolean;
  /** One byte a product; those with 0 are left out. */
  allowed?: Uint8Array | undefined;
  /** Products left out beside those. */
  without?: readonly number[];
  /** Another way than the version's own. */
  method?: Method;
  ranker?: Ranker;
}

/** Products with where each comes from, the best first. */
export interface Ranking extends Ranked {
  /** Places in `RECOMMENDATION_SOURCES`. */
  sources: Uint8Array;
}

/** Products that several sources name, with what the re-ranker looks at. */
export interface Candidates {
  items: Uint32Array;
  sources: Uint8Array;
  /** Candidates x signals, by row. */
  signals: Float32Array;
}

/** Products as of a moment, ready to be ranked for anybody. It holds nothing of any person. */
export interface Shelf {
  readonly catalogue: Catalogue;
  /** By sales, the best first. */
  readonly popular: Uint32Array;
  /** Products x components, each of length 1 or 0; nothing where there is no space of contents. */
  readonly contents: { vectors: Float32Array; components: number } | undefined;
  candidates(history: History, options: RankOptions): Candidates;
  rank(history: History, options: RankOptions): Ranking;
}

const NAMED = { factors: 100, neighbours: 100, sequence: 100, content: 50, popular: 100, looked: 50 };
/** Which signals a source gives: its score, and the place in its list. */
const COLUMNS: Readonly<Record<RecommendationSource, readonly [score?: number, place?: number]>> = {
  als: [signalAt('als'), signalAt('als_place')],
  'item-knn': [signalAt('neighbours'), signalAt('neighbours_place')],
  'random-walk': [signalAt('neighbours'), signalAt('neighbours_place')],
  ease: [signalAt('neighbours'), signalAt('neighbours_place')],
  sequential: [signalAt('sequence'), signalAt('sequence_place')],
  content: [signalAt('content')],
  popularity: [signalAt('popularity'), signalAt('popularity_place')],
  again: [],
  pinned: [],
};
const [LOOKED, PRICE, CATEGORY] = ['looked', 'price', 'category'].map(signalAt);

function signalAt(name: string): number {
  return SIGNALS.findIndex(signal => signal.name === name);
}

/** Products whose vectors are lent to one that came later. */
const LENDERS = 10;
const PLACE = Object.fromEntries(RECOMMENDATION_SOURCES.map((name, at) => [name, at])) as Record<
  RecommendationSource,
  number
>; // a place for each of them

/**
 * @param learned a version; without one everybody is shown what is popular
 */
export function shelfOf(learned: Learned | undefined, catalogue: Catalogue): Shelf {
  return new CatalogueShelf(learned ?? { products: [], method: 'popularity' }, catalogue);
}

class CatalogueShelf implements Shelf {
  readonly catalogue: Catalogue;
  readonly popular: Uint32Array;
  readonly contents: Shelf['contents'];
  readonly #learned: Learned;
  readonly #sold: Float32Array;
  readonly #prices: Float32Array;
  readonly #categories: Uint32Array;
  readonly #isNew: Uint8Array;
  readonly #factors:
    | { vectors: Float32Array; factors: number; index: ItemIndex; fold: ReturnType<typeof foldingIn> }
    | undefined;
  readonly #neighbours: Weights | undefined;
  readonly #sequence: Weights | undefined;
  readonly #contentIndex: ItemIndex | undefined;
  readonly #voices: { alike: Voices; next: Voices };
  readonly #mark: Uint32Array;
  readonly #seen: Uint32Array;
  readonly #row: Uint32Array;
  #turn = 0;

  constructor(learned: Learned, catalogue: Catalogue) {
    const count = catalogue.length;
    this.catalogue = catalogue;
    this.#learned = learned;
    this.#sold = Float32Array.from(catalogue, ({ sold }) => sold);
    this.popular = topOf(numbersTo(count), count, item => this.#sold[item], count).items;
    this.#prices = Float32Array.from(catalogue, ({ price }) =>
      price !== null && price > 0 ? Math.log(price) : NaN,
    );
    this.#categories = numberedBy(catalogue.map(({ category }) => category));
    this.#voices = { alike: new Voices(count), next: new Voices(count) };
    this.#mark = new Uint32Array(count);
    this.#seen = new Uint32Array(count);
    this.#row = new Uint32Array(count);
    const places = placesOf(learned.products, catalogue);
    this.#isNew = newnessOf(places, count);
    if (learned.content) {
      const { components } = learned.content;
      this.contents = { components, vectors: contentVectors(learned.content, catalogue) };
      this.#contentIndex = count > 0 ? exactIndex(this.contents.vectors, components) : undefined;
    }
    this.#neighbours = learned.neighbours && renumbered(learned.neighbours.weights, places, count, 1);
    this.#sequence = learned.sequence && renumbered(learned.sequence.weights, places, count, 2);
    this.#factors = this.#placeFactors(places);
  }

  /** Vectors of products that came later are those of the products most like them. */
  #placeFactors(places: Int32Array) {
    const { factors: own } = this.#learned;
    if (own === undefined || this.catalogue.length === 0) return undefined;
    const { factors } = own;
    const vectors = new Float32Array(this.catalogue.length * factors);
    places.forEach((to, from) => {
      if (to >= 0) vectors.set(own.vectors.subarray(from * factors, (from + 1) * factors), to * factors);
    });
    this.#lendVectors(vectors, factors);
    return { vectors, factors, index: exactIndex(vectors, factors), fold: foldingIn(own, vectors) };
  }

  #lendVectors(vectors: Float32Array, factors: number): void {
    const { contents } = this;
    const index = this.#contentIndex;
    if (contents === undefined || index === undefined) return;
    const lent = vectors.slice();
    const known = Uint8Array.from(this.#isNew, (fresh, item) =>
      Number(fresh === 0 && !isZero(vectors, item, factors)),
    );
    known.forEach((isKnown, item) => {
      if (isKnown || isZero(contents.vectors, item, contents.components)) return;
      const query = contents.vectors.slice(item * contents.components, (item + 1) * contents.components);
      const { items, scores } = index.search(query, { k: LENDERS, allowed: known });
      const total = scores.reduce((sum, score) => sum + Math.max(0, score), 0);
      items.forEach((lender, i) => {
        const share = Math.max(0, scores[i]) / Math.max(1e-9, total);
        for (let j = 0; j < factors; j++) lent[item * factors + j] += share * vectors[lender * factors + j];
      });
    });
    vectors.set(lent);
  }

  candidates(history: History, options: RankOptions): Candidates {
    return this.#gather(history, this.#named(history, options));
  }

  rank(history: History, options: RankOptions): Ranking {
    const { method, ranker } = { ...this.#learned, ...options };
    const named = this.#named(history, { ...options, method });
    if (method !== 're-ranker' || ranker === undefined || history.items.length === 0)
      return this.#alone(named, { ...options, method });
    const { items, sources, signals } = this.#gather(history, named);
    const scores = Float64Array.from(items, (_, row) => scoreOf(ranker, signals, row));
    const best = topOf(numbersTo(items.length), items.length, row => scores[row], options.k);
    return {
      items: best.items.map(row => items[row]),
      scores: best.scores,
      sources: Uint8Array.from(best.items, row => sources[row]),
    };
  }

  /** One source's own order; behind it what is alike, where the question is what goes with something; then what is popular. */
  #alone(named: readonly Named[], { k, method }: RankOptions): Ranking {
    const { neighbours } = this.#learned;
    const source = method === 'neighbours' ? (neighbours?.source ?? 'item-knn') : method;
    const wanted = method === 'neighbours' ? [source, 'content', 'popularity'] : [source, 'popularity'];
    const turn = ++this.#turn;
    const [items, scores, sources]: [number[], number[], number[]] = [[], [], []];
    wanted.forEach((name, lower) => {
      const each = named.find(one => RECOMMENDATION_SOURCES[one.source] === name);
      each?.list.items.forEach(item => {
        if (items.length >= k || this.#mark[item] === turn) return;
        this.#mark[item] = turn;
        items.push(item);
        scores.push(each.scoreOf(item) - lower);
        sources.push(this.#sourceOf(item, each.source));
      });
    });
    return {
      items: Uint32Array.from(items),
      scores: Float32Array.from(scores),
      sources: Uint8Array.from(sources),
    };
  }

  /** What came after the learning is known by its content alone. */
  #sourceOf(item: number, source: number): number {
    const byTaste = source === PLACE.als || source === PLACE.content;
    return this.#isNew[item] === 1 && byTaste ? PLACE.content : source;
  }

  #named(history: History, options: RankOptions): Named[] {
    const allows = this.#allowing(history, options);
    const popular = this.#popular(options, allows);
    if (history.items.length === 0 || options.method === 'popularity') return [popular];
    const voices = lastDeeds(history);
    const lists = [
      this.#byFactors(history, options, allows),
      this.#byNeighbours(history, voices, allows),
      this.#bySequence(history, voices, allows),
      this.#byContent(history, options, allows),
      popular,
      this.#byLooks(history, allows),
    ];
    return lists.filter(list => list !== undefined);
  }

  /** NaN leaves a product out. */
  #allowing({ items, orders }: History, { repeats = false, allowed, without = [] }: RankOptions) {
    const turn = ++this.#turn;
    if (!repeats) for (let i = 0; i < items.length; i++) if (orders[i] > 0) this.#seen[items[i]] = turn;
    for (const item of without) this.#seen[item] = turn;
    return (item: number): boolean =>
      this.#seen[item] !== turn && (allowed === undefined || allowed[item] === 1);
  }

  #popular({ k }: RankOptions, allows: Allows): Named {
    const wanted = Math.max(k, NAMED.popular);
    const items: number[] = [];
    for (let i = 0; i < this.popular.length && items.length < wanted; i++)
      if (allows(this.popular[i])) items.push(this.popular[i]);
    const most = Math.max(1, this.#sold[this.popular[0]] ?? 1);
    const shareOf = (item: number): number => Math.log1p(this.#sold[item]) / Math.log1p(most);
    const list = { items: Uint32Array.from(items), scores: Float32Array.from(items, shareOf) };
    return { source: PLACE.popularity, list, scoreOf: shareOf };
  }

  #byFactors(history: History, options: RankOptions, allows: Allows): Named | undefined {
    const own = this.#factors;
    if (own === undefined) return undefined;
    const query = own.fold(history);
    const list = searched(
      own.index,
      query,
      Math.max(options.k, NAMED.factors),
      spareOf(history, options),
      options.allowed,
      allows,
    );
    return { source: PLACE.als, list, scoreOf: item => dot(query, own.vectors, item) };
  }

  #byNeighbours(history: History, voices: Uint32Array, allows: Allows): Named | undefined {
    const { neighbours } = this.#learned;
    if (this.#neighbours === undefined || neighbours === undefined) return undefined;
    const sums = this.#voices.alike;
    sums.clear();
    for (const at of voices) sums.add(this.#neighbours, history.items[at], history.values[at]);
    return sums.named(PLACE[neighbours.source], NAMED.neighbours, allows);
  }

  #bySequence(history: History, voices: Uint32Array, allows: Allows): Named | undefined {
    const { sequence } = this.#learned;
    if (this.#sequence === undefined || sequence === undefined) return undefined;
    const count = this.catalogue.length;
    const sums = this.#voices.next;
    sums.clear();
    voices.forEach((at, age) => {
      sums.add(this.#sequence as Weights, history.items[at], 2 ** (-age / sequence.halfLife)); // as was just seen
      sums.add(this.#sequence as Weights, count + history.items[at], 2 ** (-age / sequence.memory));
    });
    return sums.named(PLACE.sequential, NAMED.sequence, allows);
  }

  #byContent(history: History, options: RankOptions, allows: Allows): Named | undefined {
    const { contents } = this;
    const index = this.#contentIndex;
    if (contents === undefined || index === undefined) return undefined;
    const query = centroid(history, contents);
    const list = searched(index, query, NAMED.content, spareOf(history, options), options.allowed, allows);
    return { source: PLACE.content, list, scoreOf: item => dot(query, contents.vectors, item) };
  }

  /** Looked at or put into a basket, and not bought. */
  #byLooks({ items, values, orders }: History, allows: Allows): Named {
    const looked = items.filter((item, i) => orders[i] === 0 && allows(item));
    const weightOf = (item: number): number => values[items.indexOf(item)];
    const list = topOf(looked, looked.length, weightOf, NAMED.looked);
    return { source: PLACE.again, list, scoreOf: () => 0 };
  }

  #gather(history: History, named: readonly Named[]): Candidates {
    const turn = ++this.#turn;
    const [items, sources, best]: [number[], number[], number[]] = [[], [], []];
    for (const { source, list } of named)
      for (let place = 0; place < list.items.length; place++) {
        const item = list.items[place];
        const row = this.#mark[item] === turn ? this.#row[item] : items.length;
        if (row < items.length && place >= best[row]) continue;
        [this.#mark[item], this.#row[item]] = [turn, row];
        [items[row], sources[row], best[row]] = [item, source, place];
      }
    return {
      items: Uint32Array.from(items),
      sources: Uint8Array.from(items, (item, row) => this.#sourceOf(item, sources[row])),
      signals: this.#signals(history, items, named),
    };
  }

  /** Rows are where `#gather` put the items. */
  #signals(history: History, items: readonly number[], named: readonly Named[]): Float32Array {
    const width = SIGNALS.length;
    const out = new Float32Array(items.length * width);
    for (const { source, list, scoreOf: score } of named) {
      const [scored, placed] = COLUMNS[RECOMMENDATION_SOURCES[source]];
      if (scored !== undefined)
        for (let row = 0; row < items.length; row++) out[row * width + scored] = score(items[row]);
      if (placed !== undefined)
        for (let place = 0; place < list.items.length; place++)
          out[this.#row[list.items[place]] * width + placed] = 1 / Math.log2(place + 2);
    }
    const taste = tasteOf(history, this.#prices, this.#categories);
    for (let row = 0; row < items.length; row++) {
      const item = items[row];
      const looked = taste.looked.get(item);
      if (looked) out.set([looked.value, Math.exp(-looked.days / 14)], row * width + LOOKED);
      out[row * width + PRICE] = taste.priceOf(this.#prices[item]);
      out[row * width + CATEGORY] = taste.categoryOf(this.#categories[item]);
    }
    return out;
  }
}

/** How many of the best may turn out not to be allowed. */
function spareOf({ items }: History, { without = [] }: RankOptions): number {
  return items.length + without.length;
}
