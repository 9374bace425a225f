import { AppError, sentenceOf } from '@bellwether/contracts';
import { setTimeout as wait } from 'node:timers/promises';
import type { Engine } from './engines.ts';
import type { EngineState, Log } from './supervised.ts';

const CHECK_EVERY = 5_000;

/** A server that somebody else runs: its health is watched and shown, nothing more. */
export function remoteEngine(
  name: EngineState['name'],
  product: string,
  url: string,
  ping: (url: string) => Promise<void>,
  log: Log,
): Engine {
  const { host } = new URL(url);
  const stopping = new AbortController();
  let state: EngineState = { name, state: 'starting', detail: host, restarts: 0, embedded: false };
  let watching: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    try {
      await ping(url);
      if (state.state === 'down') log(`${name}: ${product} at ${host} answers again`);
      state = { ...state, state: 'up', detail: `${product} at ${host}` };
    } catch (error) {
      if (state.state === 'up') log(`${name}: ${product} at ${host} does not answer: ${sentenceOf(error)}`);
      state = { ...state, state: 'down', detail: `${product} at ${host}: ${sentenceOf(error)}` };
    }
  }

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await wait(CHECK_EVERY, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
      if (!stopping.signal.aborted) await look();
    }
  }

  return {
    url: () => url,
    state: () => state,
    async start() {
      await look();
      if (state.state === 'down')
        throw new AppError('engines.no_answer', `no ${name} answers: ${state.detail}`);
      watching = watch();
    },
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}
