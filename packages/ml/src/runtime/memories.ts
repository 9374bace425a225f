/** A linear memory that teams use one after the other. */
const IDLE_MS = 20_000;
const PAGE = 65_536;
/** What WebAssembly can address: 4 GiB. */
export const MOST_PAGES = 65_536;
const FIRST_PAGES = 16;

let kept: WebAssembly.Memory | undefined;
let timer: NodeJS.Timeout | undefined;

/** A memory that nobody uses: the one kept from before, or a new one. */
export function takeMemory(): WebAssembly.Memory {
  clearTimeout(timer);
  const memory = kept ?? new WebAssembly.Memory({ initial: FIRST_PAGES, maximum: MOST_PAGES, shared: true });
  kept = undefined;
  return memory;
}

/**
 * Keeps one memory for the next team, so that fit after fit uses the same; the larger of two, for a while only, for a
 * memory cannot shrink.
 */
export function giveBackMemory(memory: WebAssembly.Memory): void {
  if (kept === undefined || kept.buffer.byteLength < memory.buffer.byteLength) kept = memory;
  clearTimeout(timer);
  timer = setTimeout(() => (kept = undefined), IDLE_MS);
  timer.unref();
}

/** Makes room for `bytes` bytes in all. Whether there is. */
export function grown(memory: WebAssembly.Memory, bytes: number): boolean {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  if (missing <= 0) return true;
  // by an eighth at least: growing again and again would cost a call into the engine for each small array
  const wanted = Math.max(missing, memory.buffer.byteLength / PAGE / 8);
  const room = MOST_PAGES - memory.buffer.byteLength / PAGE;
  if (missing > room) return false;
  try {
    memory.grow(Math.min(Math.ceil(wanted), room));
    return true;
  } catch {
    return false;
  }
}
