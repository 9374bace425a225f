import type { Status } from '@bellwether/contracts';
import { join, resolve } from 'node:path';
import { claimFolder } from './folder.ts';
import { askWarehouse, pingWarehouse } from './warehouse/ask.ts';
import { clickHouseProgram } from './warehouse/clickhouse-program.ts';
import { pingRecords } from './records/ask.ts';
import { postgresProgram } from './records/postgres-program.ts';
import { remoteEngine } from './remote.ts';
import { Supervised, type EngineState, type Log } from './supervised.ts';

export interface EnginesOptions {
  /** Where the embedded engines keep their files; made if it is not there. */
  dataFolder: string;
  /** Real servers to use in place of the embedded ones: `http://user:password@host:8123/database`. */
  warehouseUrl?: string;
  /** `postgres://user:password@host:5432/database` */
  recordsUrl?: string;
  /** Each line that an engine writes, and what the supervision does. */
  log?: Log;
  /** Stops a start under way; once it has started, `stop()` does. */
  signal?: AbortSignal;
}

export interface Engines {
  warehouseUrl: string;
  recordsUrl: string;
  states(): Status['engines'];
  /** Sentences on what the engines found damaged when they started. */
  warnings(): string[];
  stop(): Promise<void>;
}

/** An engine as the launcher sees it, embedded or not. */
export interface Engine {
  url(): string;
  state(): EngineState;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts ClickHouse and PostgreSQL, each unless its URL is given, and keeps them running until `stop()`.
 *
 * @throws AppError `engines.folder_in_use`, `engines.newer`, `engines.start_failed`, `engines.no_answer` …
 * @example
 * const engines = await startEngines({ dataFolder: '.bellwether' });
 * const warehouse = new Warehouse({ url: engines.warehouseUrl });
 */
export async function startEngines(options: EnginesOptions): Promise<Engines> {
  const folder = resolve(options.dataFolder);
  const log = options.log ?? (() => undefined);
  const claim = claimFolder(folder);
  const warehouse = warehouseEngine(folder, options.warehouseUrl, log);
  const records = recordsEngine(folder, options.recordsUrl, log);
  const engines = [warehouse, records];
  const stop = async (): Promise<void> => {
    await Promise.all(engines.map(engine => engine.stop()));
    claim.release();
  };
  const cancel = (): void => void Promise.all(engines.map(engine => engine.stop()));
  options.signal?.addEventListener('abort', cancel, { once: true });
  try {
    options.signal?.throwIfAborted();
    await startAll(engines);
    const warnings = await damagedParts(warehouse.url());
    return {
      warehouseUrl: warehouse.url(),
      recordsUrl: records.url(),
      states: () => engines.map(engine => engine.state()),
      warnings: () => warnings,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', cancel);
  }
}

/** Starts side by side; when one fails the others are waited for, so that they can be stopped. */
async function startAll(engines: readonly Engine[]): Promise<void> {
  const outcomes = await Promise.allSettled(engines.map(engine => engine.start()));
  const failed = outcomes.find(outcome => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function warehouseEngine(folder: string, url: string | undefined, log: Log): Engine {
  if (url !== undefined) return remoteEngine('warehouse', 'ClickHouse', url, pingWarehouse, log);
  return embedded(clickHouseProgram(join(folder, 'warehouse')), log);
}

function recordsEngine(folder: string, url: string | undefined, log: Log): Engine {
  if (url !== undefined) return remoteEngine('records', 'PostgreSQL', url, pingRecords, log);
  return embedded(postgresProgram(join(folder, 'records')), log);
}

function embedded(
  program: ConstructorParameters<typeof Supervised>[0] & { url(): string },
  log: Log,
): Engine {
  const supervised = new Supervised(program, log);
  return {
    url: () => program.url(),
    state: () => supervised.state(),
    start: () => supervised.start(),
    stop: () => supervised.stop(),
  };
}

/** ClickHouse leaves a damaged part aside and goes on without its rows: somebody must be told. */
async function damagedParts(url: string): Promise<string[]> {
  const parts = await askWarehouse<{ database: string; table: string; name: string; reason: string }>(
    url,
    "SELECT database, table, name, reason FROM system.detached_parts WHERE reason LIKE '%broken%' OR reason = 'unexpected'",
  );
  return parts.map(
    part =>
      `the warehouse set a damaged part of ${part.database}.${part.table} aside (${part.name}: ${part.reason}): its rows are missing; restore them from a backup or import them again`,
  );
}
