import type { EventType } from '@bellwether/contracts';
import { EventQueue, type QueueOptions } from './queue.ts';
import { safeStorage } from './storage.ts';
import { newId, visitorOf } from './visitor.ts';

export interface TrackerOptions extends Omit<QueueOptions, 'key'> {
  /** A key with the scope `track`; safe in a page. */
  writeKey: string;
}

type Properties = Record<string, unknown>;

/** The six calls of Segment's tracking specification, and what a page needs besides. */
export interface Tracker {
  track(event: string, properties?: Properties): void;
  page(name?: string, properties?: Properties): void;
  screen(name: string, properties?: Properties): void;
  identify(userId: string, traits?: Properties): void;
  group(groupId: string, traits?: Properties): void;
  /** Joins what the visitor did before to the person they turned out to be. */
  alias(userId: string): void;
  /** Forgets who it is: after signing out. */
  reset(): void;
  /** Sends what waits. Resolves when it is acknowledged or put back. */
  flush(): Promise<void>;
}

/**
 * A small tracking client for the browser: gathers events, sends them in batches, keeps them in the browser's storage
 * until the server has acknowledged them, tries again with growing pauses, and sends what is left when the page goes.
 *
 * @example
 * const tracker = createTracker({ baseUrl: 'https://events.shop.example', writeKey: 'bw_…' });
 * tracker.identify('17850', { email: 'anna@example.com' });
 * tracker.track('Product Viewed', { product_id: '85123A', price: 2.55 });
 */
export function createTracker({ writeKey, ...options }: TrackerOptions): Tracker {
  const { storage = safeStorage(), now = Date.now, id = newId } = options;
  const queue = new EventQueue({ ...options, storage, key: writeKey });
  const anonymousId = (): string => visitorOf(storage, id);
  const send = (type: EventType, fields: Properties): void => {
    const userId = storage.getItem('bellwether.user');
    queue.add({
      type,
      messageId: id(),
      timestamp: new Date(now()).toISOString(),
      anonymousId: anonymousId(),
      ...(userId === null ? {} : { userId }),
      context: contextOfPage(),
      ...fields,
    });
  };
  return {
    track: (event, properties = {}) => send('track', { event, properties }),
    page: (name, properties = {}) =>
      send('page', {
        ...(name === undefined ? {} : { name }),
        properties: { ...pageProperties(), ...properties },
      }),
    screen: (name, properties = {}) => send('screen', { name, properties }),
    identify(userId, traits = {}) {
      storage.setItem('bellwether.user', userId);
      send('identify', { userId, traits });
    },
    group: (groupId, traits = {}) => send('group', { groupId, traits }),
    alias(userId) {
      const previousId = storage.getItem('bellwether.user') ?? anonymousId();
      storage.setItem('bellwether.user', userId);
      send('alias', { userId, previousId });
    },
    reset() {
      storage.removeItem('bellwether.user');
      storage.removeItem('bellwether.anonymous');
    },
    flush: () => queue.flush(),
  };
}

function pageProperties(): Properties {
  if (typeof document === 'undefined') return {};
  const { href, pathname, search } = location;
  return { url: href, path: pathname, search, title: document.title, referrer: document.referrer };
}

function contextOfPage(): Properties {
  const library = { name: '@bellwether/sdk', version: '0.1.0' };
  if (typeof document === 'undefined') return { library };
  return { library, page: pageProperties(), locale: navigator.language, userAgent: navigator.userAgent };
}
