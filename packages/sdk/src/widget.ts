import { safeStorage, type KeyValueStore } from './storage.ts';
import { mayFollow, tellUnsent, teller, type Teller } from './widget-events.ts';
import { itemsOf, listOf, skeletonOf, styled, type Template, type WidgetItem } from './widget-list.ts';
import { whenSeen } from './widget-seen.ts';
import { visitorOf } from './visitor.ts';

export type { WidgetItem } from './widget-list.ts';

export interface RecommendationsOptions {
  /** Where the list goes, or a selector of it. What stands in it already is shown when there is nothing to recommend. */
  element: string | HTMLElement;
  /** A key with the scope `track`; safe in a page. */
  writeKey: string;
  /** Where Bellwether is: `https://events.shop.example`. */
  baseUrl: string;
  /** The place in the shop, such as `home`: pins may name it, and results are told by it. */
  surface?: string;
  /** How many products at most. */
  k?: number;
  /** The product that is looked at, or those in the basket: what goes with them is shown. */
  productId?: string;
  basket?: readonly string[];
  exclude?: readonly string[];
  /** Somebody signed in, with the signature that the shop's own server made of the id. */
  user?: { id: string; token: string };
  /** A heading; it also names the list to screen readers. */
  title?: string;
  /** For prices; the page's language unless said otherwise. */
  locale?: string;
  /** False where the visitor has not agreed to be followed: what is popular is shown, and nothing is kept or counted. */
  consent?: boolean;
  /** Another look of one product. */
  template?: Template;
  fetch?: typeof fetch;
  storage?: KeyValueStore;
}

/** A list in a page. */
export interface RecommendationsWidget {
  /** Settles when products, or what stands in for them, are there. */
  ready: Promise<readonly WidgetItem[]>;
  /** Takes the list out and puts back what stood there. */
  remove(): void;
}

interface Answer {
  request_id: string;
  items: WidgetItem[];
}

/**
 * Shows recommended products in a page: a list that the keyboard and a screen reader can use, in the room that it will
 * need from the start. It counts as seen once half of it was in sight for a second; clicks are counted as the page goes.
 * Visitors who asked not to be followed (Do Not Track, Global Privacy Control, `consent: false`) see what is popular, and
 * nothing is kept of them. Where Bellwether does not answer, what stood in the element before is shown.
 *
 * @throws Error when there is no such element
 * @example
 * recommendations({ element: '#for-you', writeKey: 'bw_…', baseUrl: 'https://events.shop.example', surface: 'home', k: 4 });
 */
export function recommendations(options: RecommendationsOptions): RecommendationsWidget {
  const host = elementOf(options.element);
  const [before, wasHidden] = [[...host.childNodes], host.hidden];
  const { locale = document.documentElement.lang || navigator.language, title, template, k = 4 } = options;
  let stop = (): void => undefined;
  styled();
  host.replaceChildren(skeletonOf(k, title));
  const remove = (): void => {
    stop();
    host.replaceChildren(...before);
    host.hidden = wasHidden;
  };
  const show = ({ request_id, items }: Answer, tell: Teller | undefined): readonly WidgetItem[] => {
    if (items.length === 0) {
      remove();
      host.hidden ||= before.length === 0;
      return items;
    }
    const list = listOf(itemsOf(items), { locale, title, template });
    host.replaceChildren(list);
    if (tell !== undefined) stop = counted(list, request_id, options.surface ?? '', tell);
    return items;
  };
  const ready = ask(options, k).then(
    ({ answer, tell }) => show(answer, tell),
    () => show({ request_id: '', items: [] }, undefined),
  );
  return { ready, remove };
}

function elementOf(element: string | HTMLElement): HTMLElement {
  const found = typeof element === 'string' ? document.querySelector<HTMLElement>(element) : element;
  if (found === null) throw new Error('there is no such element to show recommendations in');
  return found;
}

async function ask(
  options: RecommendationsOptions,
  k: number,
): Promise<{ answer: Answer; tell: Teller | undefined }> {
  const { storage = safeStorage(), fetch: send = fetch.bind(globalThis), user, writeKey } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const anonymousId = mayFollow(options.consent) ? visitorOf(storage) : undefined;
  const tell =
    anonymousId === undefined
      ? undefined
      : teller({ baseUrl, writeKey, storage, send, anonymousId, userId: user?.id });
  if (tell !== undefined) tellUnsent(storage, tell);
  const asked = {
    key: writeKey,
    surface: options.surface,
    k,
    product_id: options.productId,
    anonymous_id: anonymousId,
  };
  const query = new URLSearchParams();
  const told = { ...asked, ...(tell && user ? { user_id: user.id, user_token: user.token } : {}) };
  for (const [name, value] of Object.entries(told)) if (value !== undefined) query.set(name, String(value));
  for (const name of ['basket', 'exclude'] as const)
    if (options[name]?.length) query.set(name, options[name].join(','));
  const response = await send(`${baseUrl}/v1/widget/recommendations?${query.toString()}`, {
    credentials: 'omit',
  });
  if (!response.ok) throw new Error(String(response.status));
  // what the server's own route answers
  return { answer: (await response.json()) as Answer, tell };
}

/** Tells once that the list was seen, and of each product that was chosen. */
function counted(list: HTMLElement, request_id: string, surface: string, tell: Teller): () => void {
  const stop = whenSeen(list, () =>
    tell('Recommendation Shown', `shown:${request_id}`, { request_id, surface }),
  );
  const chosen = (event: Event): void => {
    // only elements are clicked
    const product_id = (event.target as Element).closest<HTMLElement>('[data-product]')?.dataset['product'];
    if (product_id === undefined) return;
    tell(
      'Recommendation Clicked',
      `clicked:${request_id}:${product_id}`,
      { request_id, surface, product_id },
      true,
    );
  };
  for (const name of ['click', 'auxclick']) list.addEventListener(name, chosen);
  return stop;
}
