import { sentenceOf, type Milliseconds } from '@bellwether/contracts';
import type { Engagement } from '../engagement.ts';
import { tick } from './tick.ts';

export interface Worker {
  /** Ends after the pass under way; what it had claimed is sent or given back. */
  stop(): Promise<void>;
}

/**
 * Passes again and again, with a rest in between. A pass that fails (a store is away) is logged and tried again.
 *
 * @param everyMs the rest between two passes
 */
export function startWorker(engagement: Engagement, { everyMs }: { everyMs: Milliseconds }): Worker {
  const stopped = new AbortController();
  const ended = run(engagement, everyMs, stopped.signal);
  return {
    stop: async () => {
      stopped.abort();
      await ended;
    },
  };
}

async function run(engagement: Engagement, everyMs: Milliseconds, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await tick(engagement, { signal });
    } catch (error) {
      engagement.log('worker.pass_failed', { error: sentenceOf(error) });
    }
    await rest(everyMs, signal);
  }
}

function rest(milliseconds: Milliseconds, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
