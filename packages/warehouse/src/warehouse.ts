import {
  ClickHouseLogLevel,
  createClient,
  type ClickHouseClient,
  type ClickHouseSettings,
} from '@clickhouse/client';
import { AppError } from '@bellwether/contracts';
import { Readable } from 'node:stream';
import { guarded, wholeOrFailed } from './failure.ts';

export type Params = Readonly<Record<string, unknown>>;

export interface WarehouseOptions {
  /** `http://user:password@host:port`; the database may be its path. */
  url: string;
  database?: string;
  /** Seconds after which a query is stopped. */
  maxExecutionTime?: number;
}

export interface InsertOptions {
  /** Names this block: repeating it with the same rows changes nothing (within the table's window). */
  token: string;
  signal?: AbortSignal;
}

const SETTINGS: ClickHouseSettings = {
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_denormals: 0,
  date_time_input_format: 'best_effort',
  date_time_output_format: 'iso',
  // a materialized view's block is de-duplicated with its source's
  deduplicate_blocks_in_dependent_materialized_views: 1,
};

/**
 * What happened, in ClickHouse. Text of users goes in as `{name:Type}` parameters only.
 *
 * @throws AppError `warehouse.unreachable` when the server does not answer, `warehouse.aborted` when the caller's signal
 *   stopped it, `warehouse.query_failed` with ClickHouse's sentence
 * @example
 * const rows = await warehouse.query<{ n: number }>('SELECT count() AS n FROM events WHERE name = {name:String}', { name: 'Order Completed' });
 */
export class Warehouse {
  readonly #client: ClickHouseClient;

  constructor(options: WarehouseOptions) {
    this.#client = createClient({
      url: options.url,
      ...(options.database === undefined ? {} : { database: options.database }),
      request_timeout: 600_000,
      max_open_connections: 16,
      // what goes wrong is thrown
      log: { level: ClickHouseLogLevel.OFF },
      compression: { request: isFar(options.url), response: isFar(options.url) },
      clickhouse_settings: { ...SETTINGS, max_execution_time: options.maxExecutionTime ?? 300 },
    });
  }

  /** Rows of a query as objects. For a matrix of numbers use `readMatrix`. */
  async query<Row>(sql: string, params: Params = {}, signal?: AbortSignal): Promise<Row[]> {
    return guarded(signal, async () => {
      const result = await this.#client.query({
        query: sql,
        query_params: params,
        format: 'JSONEachRow',
        ...abortable(signal),
      });
      return result.json<Row>();
    });
  }

  /** The one row of a query that always has one. */
  async one<Row>(sql: string, params: Params = {}): Promise<Row> {
    const [row] = await this.query<Row>(sql, params);
    if (row === undefined)
      throw new AppError('warehouse.no_row', 'a query that always answers with a row had none');
    return row;
  }

  /**
   * The raw body of a query in a format of ClickHouse's (`ArrowStream`, `Parquet`, `CSVWithNames` …). The stream fails
   * when the query fails in its middle; destroy it to stop the query.
   */
  async bytes(sql: string, params: Params = {}, signal?: AbortSignal): Promise<Readable> {
    return guarded(signal, async () => {
      const result = await this.#client.exec({ query: sql, query_params: params, ...abortable(signal) });
      const tag = result.response_headers['x-clickhouse-exception-tag'];
      return wholeOrFailed(result.stream, typeof tag === 'string' ? tag : undefined, signal);
    });
  }

  /** A statement without rows: DDL, `INSERT … SELECT`, `EXCHANGE TABLES`. */
  async command(
    sql: string,
    params: Params = {},
    settings: ClickHouseSettings = {},
    signal?: AbortSignal,
  ): Promise<void> {
    await guarded(signal, () =>
      this.#client.command({
        query: sql,
        query_params: params,
        clickhouse_settings: settings,
        ...abortable(signal),
      }),
    );
  }

  /** Inserts one block of rows, given as objects or as lines of JSON, exactly once for each token. */
  async insert(table: string, rows: readonly object[] | string, options: InsertOptions): Promise<void> {
    const body = typeof rows === 'string' ? rows : rows.map(row => JSON.stringify(row)).join('\n');
    if (body === '') return;
    await this.insertBytes(`INSERT INTO ${identifier(table)} FORMAT JSONEachRow`, Buffer.from(body), options);
  }

  /** Inserts a body in a format of ClickHouse's; `statement` is an `INSERT … FORMAT …` without data. */
  async insertBytes(statement: string, body: Buffer | Readable, options: InsertOptions): Promise<void> {
    await guarded(options.signal, async () => {
      const values = Buffer.isBuffer(body) ? Readable.from([body], { objectMode: false }) : body;
      const settings: ClickHouseSettings = {
        insert_deduplicate: 1,
        insert_deduplication_token: options.token,
      };
      const result = await this.#client.exec({
        query: statement,
        values,
        clickhouse_settings: settings,
        ...abortable(options.signal),
      });
      for await (const _ of result.stream);
    });
  }

  async ping(): Promise<boolean> {
    const answer = await this.#client.ping();
    return answer.success;
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

/** A name that SQL may contain as it is. */
export function identifier(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_.]*$/.test(name))
    throw new AppError('warehouse.bad_identifier', `"${name}" is not a name of a table or column`);
  return name;
}

function abortable(signal: AbortSignal | undefined): { abort_signal?: AbortSignal } {
  return signal === undefined ? {} : { abort_signal: signal };
}

/** Packing costs more than it saves on the way to a server on this machine. */
function isFar(url: string): boolean {
  return !/^(127\.|localhost$|\[::1\]$)/.test(new URL(url).hostname);
}
