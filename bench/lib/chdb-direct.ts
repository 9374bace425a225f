// The peer of bench/front.ts: the same works on chdb's own session in this process. Prints its seconds as JSON.
import { createRequire } from 'node:module';
import { measureStore } from '../front.ts';

interface Session {
  queryAsync(sql: string, options?: { format: string }): Promise<{ text(): string }>;
  insert(insert: { table: string; values: Buffer; format: string }): Promise<unknown>;
  close(): void;
}

// chdb is a dependency of the engines, so it is looked up from there
const fromEngines = createRequire(createRequire(import.meta.url).resolve('@bellwether/engines'));
const { Session: Chdb } = fromEngines('chdb') as { Session: new (folder: string) => Session };

const session = new Chdb(process.argv[2] ?? '');
await session.queryAsync('CREATE DATABASE IF NOT EXISTS bench');
await session.queryAsync('USE bench');
const result = await measureStore(
  async sql => (await session.queryAsync(sql, { format: 'JSONEachRow' })).text(),
  rows => session.insert({ table: 'bench', values: Buffer.from(rows), format: 'JSONEachRow' }),
);
session.close();
process.stdout.write(JSON.stringify(result));
