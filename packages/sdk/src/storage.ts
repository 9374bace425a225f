/** What of `Storage` is used. */
export type KeyValueStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** The browser's storage, or memory where it is switched off (private windows, a server). */
export function safeStorage(): KeyValueStore {
  try {
    localStorage.setItem('bellwether.probe', '1');
    localStorage.removeItem('bellwether.probe');
    return localStorage;
  } catch {
    return memoryStorage();
  }
}

export function memoryStorage(): KeyValueStore {
  const memory = new Map<string, string>();
  return {
    getItem: key => memory.get(key) ?? null,
    setItem: (key, value) => void memory.set(key, value),
    removeItem: key => void memory.delete(key),
  };
}
