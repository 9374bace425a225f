import type { KeyValueStore } from './storage.ts';

/** Tells of one thing; `leaving` where the page may be gone before an answer. */
export type Teller = (event: string, messageId: string, properties: object, leaving?: boolean) => void;

interface TellerOptions {
  baseUrl: string;
  writeKey: string;
  storage: KeyValueStore;
  send: typeof fetch;
  anonymousId: string;
  userId: string | undefined;
}

const UNSENT = 'bellwether.widget.unsent';
/** So many wait for a server that is away. */
const KEPT = 50;

type Kept = Parameters<Teller>;

/** Whether the visitor may be followed: neither they nor their browser said no. */
export function mayFollow(consent = true): boolean {
  // Global Privacy Control is not in the types of the browser yet
  const { doNotTrack, globalPrivacyControl } = navigator as Navigator & { globalPrivacyControl?: boolean };
  return consent && doNotTrack !== '1' && globalPrivacyControl !== true;
}

/** Events go as Segment's `track`, with the key in the body: a beacon can have no headers. Repeats are told apart by id. */
export function teller({ baseUrl, writeKey, storage, send, anonymousId, userId }: TellerOptions): Teller {
  return (event, messageId, properties, leaving = false) => {
    const timestamp = new Date().toISOString();
    const body = JSON.stringify({
      ...{ event, messageId, properties, timestamp, anonymousId, userId, writeKey },
    });
    if (leaving && navigator.sendBeacon(`${baseUrl}/v1/track`, body)) return;
    const keep = (): void => keepUnsent(storage, [event, messageId, properties]);
    send(`${baseUrl}/v1/track`, { method: 'POST', body, keepalive: true, credentials: 'omit' }).then(
      answer => answer.status >= 500 && keep(),
      keep,
    );
  };
}

/** Tells what an earlier page could not. */
export function tellUnsent(storage: KeyValueStore, tell: Teller): void {
  const kept = unsentIn(storage);
  storage.removeItem(UNSENT);
  for (const event of kept) tell(...event);
}

function keepUnsent(storage: KeyValueStore, event: Kept): void {
  try {
    storage.setItem(UNSENT, JSON.stringify([...unsentIn(storage), event].slice(-KEPT)));
  } catch {
    // full: it is lost, as it would be without storage
  }
}

function unsentIn(storage: KeyValueStore): Kept[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(UNSENT) ?? '[]');
    return Array.isArray(kept) ? (kept as Kept[]) : []; // only this module writes under this key
  } catch {
    return [];
  }
}
