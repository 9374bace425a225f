import type { KeyValueStore } from './storage.ts';

/** The visitor of this browser, made at the first asking; what tracks and what recommends know them by the same id. */
export function visitorOf(storage: KeyValueStore, id: () => string = newId): string {
  const known = storage.getItem('bellwether.anonymous');
  if (known !== null) return known;
  const made = id();
  storage.setItem('bellwether.anonymous', made);
  return made;
}

/** Without `crypto.randomUUID` (a page without TLS) the same form is drawn from random bytes. */
export function newId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
