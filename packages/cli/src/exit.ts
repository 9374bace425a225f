import { isAppError } from '@bellwether/contracts';
import { CommanderError } from 'commander';

/** What the process ends with; documented in `bellwether --help`. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  badInput: 3,
  notReady: 4,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_HELP = `
Exit codes:
  0  done
  1  failed, or doctor found a fault
  2  the command line is wrong
  3  a file or a setting cannot be used
  4  not ready: nothing is learned, data are wanting, or the server does not answer
  130  interrupted`;

/** Which code an error ends with, by the first pattern that its own code fits. */
const CODES: readonly (readonly [RegExp, ExitCode])[] = [
  [/^cli\.(interrupted)$|^job\.cancelled$/, EXIT.interrupted],
  [/^cli\.usage$|^scenario\.unknown$/, EXIT.usage],
  [/^(import|upload|settings|mapping|file)\./, EXIT.badInput],
  [/not_ready|no_champion|bad_version|unreachable|starting|wanting|no_data|not_enough/, EXIT.notReady],
];

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (!isAppError(error)) return EXIT.failed;
  return CODES.find(([pattern]) => pattern.test(error.code))?.[1] ?? EXIT.failed;
}
