import { AppError, SECOND, type Milliseconds } from '@bellwether/contracts';
import { readSettings, type ReadSettings } from '@bellwether/server';
import type { Output } from './output.ts';

/** What every command works with. */
export interface Context {
  output: Output;
  /** Aborted by the first Ctrl-C or SIGTERM; the second ends the process at once. */
  signal: AbortSignal;
  read: (options?: NonNullable<Parameters<typeof readSettings>[0]>['options']) => ReadSettings;
}

/** Settings of the command line's `--folder`, under those that a command adds. */
export function contextOf(output: Output, signal: AbortSignal, folder: string | undefined): Context {
  const given = folder === undefined ? {} : { data: folder };
  return { output, signal, read: options => readSettings({ options: { ...given, ...options } }) };
}

/** Resolves when the signal is aborted. */
export function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** One Ctrl-C under npm arrives twice: from the terminal, and passed on by npm. Within this time it is the same one. */
const ECHO: Milliseconds = SECOND;

/** The signal of Ctrl-C and SIGTERM. */
export function signalOfProcess(): AbortSignal {
  const stop = new AbortController();
  let first = 0;
  const interrupt = (): void => {
    if (stop.signal.aborted) {
      if (performance.now() - first > ECHO) process.exit(130);
      return;
    }
    first = performance.now();
    stop.abort(new AppError('cli.interrupted', 'interrupted'));
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return stop.signal;
}
