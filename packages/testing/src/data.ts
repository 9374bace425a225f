import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * The path of a public data set, or nothing where it is not on this machine: a test that needs one says that it was
 * skipped. The folder is `../shared/data` beside the clone, or BELLWETHER_TEST_DATA.
 */
export function publicData(file: string): string | undefined {
  const folder =
    process.env['BELLWETHER_TEST_DATA'] ?? resolve(import.meta.dirname, '../../../../shared/data');
  const path = resolve(folder, file);
  return existsSync(path) ? path : undefined;
}
