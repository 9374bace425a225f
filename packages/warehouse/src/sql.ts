import { readFileSync } from 'node:fs';

/**
 * The text of a `.sql` file that stands beside the module which asks.
 *
 * @example
 * const REPORT = sqlBeside(import.meta.url, 'report.sql');
 */
export function sqlBeside(moduleUrl: string, file: string): string {
  return readFileSync(new URL(file, moduleUrl), 'utf8');
}

/** A moment as ClickHouse writes it in JSON and reads it in parameters: `2026-01-31 12:00:00.000`, UTC. */
export function clickhouseTime(moment: number | Date): string {
  return new Date(moment).toISOString().replace('T', ' ').replace('Z', '');
}
