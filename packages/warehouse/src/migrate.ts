import { AppError } from '@bellwether/contracts';
import { readdirSync, readFileSync } from 'node:fs';
import type { Warehouse } from './warehouse.ts';

const FOLDER = new URL('./migrations/', import.meta.url);

/** The statements of one `.sql` file: split at a semicolon that ends a line. */
export function statementsOf(sql: string): string[] {
  return sql
    .split(/;[ \t]*$/m)
    .map(statement => statement.trim())
    .filter(statement => statement.replaceAll(/^--.*$/gm, '').trim() !== '');
}

/**
 * Brings the warehouse to this version's shape; each file runs once. A statement that ran before a crash and is not
 * recorded is run again, so each creates what is not there.
 *
 * @returns the names of the files that ran
 * @throws AppError `warehouse.newer` when the data was written by a later version of Bellwether
 */
export async function migrate(warehouse: Warehouse, database?: string): Promise<string[]> {
  if (database !== undefined)
    await warehouse.command('CREATE DATABASE IF NOT EXISTS {database:Identifier}', { database });
  await warehouse.command(
    "CREATE TABLE IF NOT EXISTS migrations (name String, at DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY name",
  );
  const ran = new Set(
    (await warehouse.query<{ name: string }>('SELECT name FROM migrations')).map(row => row.name),
  );
  const files = readdirSync(FOLDER)
    .filter(name => name.endsWith('.sql'))
    .sort();
  refuseNewer(ran, files);
  const fresh = files.filter(name => !ran.has(name));
  for (const name of fresh) await runFile(warehouse, name);
  return fresh;
}

function refuseNewer(ran: ReadonlySet<string>, files: readonly string[]): void {
  const unknown = [...ran].filter(name => !files.includes(name));
  if (unknown.length === 0) return;
  throw new AppError(
    'warehouse.newer',
    `the data was written by a newer Bellwether (it has ${unknown.join(', ')}); upgrade, or choose another data folder`,
  );
}

async function runFile(warehouse: Warehouse, name: string): Promise<void> {
  for (const statement of statementsOf(readFileSync(new URL(name, FOLDER), 'utf8'))) {
    await warehouse.command(repeatable(statement));
  }
  await warehouse.command('INSERT INTO migrations VALUES ({name:String}, now64(3))', { name });
}

function repeatable(statement: string): string {
  return statement.replace(
    /^((?:--.*\n|\s)*CREATE (?:MATERIALIZED )?(?:TABLE|VIEW)) (?!IF NOT EXISTS)/,
    '$1 IF NOT EXISTS ',
  );
}
