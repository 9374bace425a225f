import { createRequire } from 'node:module';

/** One connection to the one engine of this process; it carries its own settings, parameters and database. */
export type Connection = { readonly __connection: unique symbol };
/** A result that is fetched piece by piece; at most one is open on a connection. */
export type Cursor = { readonly __cursor: unique symbol };

export interface Answer {
  bytes: Buffer;
  rowsRead: number;
  bytesRead: number;
}
export interface Piece {
  bytes: Buffer;
  numRows: number;
  done: boolean;
}
export interface Written {
  rowsWritten: number;
  bytesWritten: number;
}

/**
 * What the front uses of chdb's addon. It is addressed below chdb's own JavaScript for two reasons: `Session.close()`
 * there waits for every other query of the process, so one long query would pile up connections without end, and only
 * its insert tells how many rows were written. chdb is pinned to an exact version, and the tests of the front cover each call.
 */
export interface Native {
  CreateConnection(folder: string, args: readonly string[]): Connection;
  /** Only once nothing runs on the connection. */
  CloseConnection(connection: Connection): void;
  QueryAsyncConnection(connection: Connection, sql: string, format: string): Promise<Answer>;
  /** `data` is what follows the statement: see `readingFrom` why it is always empty here. */
  InsertRawAsyncConnection(
    connection: Connection,
    prefix: string,
    data: Buffer,
    countLines: boolean,
  ): Promise<Written>;
  StreamQuery(connection: Connection, sql: string, format: string): Cursor;
  StreamFetch(cursor: Cursor): Promise<Piece>;
  /** Only once no fetch runs. */
  StreamCancel(cursor: Cursor): void;
}

const ADDONS: Readonly<Record<string, string>> = {
  'linux-x64': '@chdb/lib-linux-x64-gnu',
  'linux-arm64': '@chdb/lib-linux-arm64-gnu',
  'darwin-x64': '@chdb/lib-darwin-x64',
  'darwin-arm64': '@chdb/lib-darwin-arm64',
};

/** Loads ClickHouse into this process (half a gigabyte of shared library, mapped as it is used). */
export function loadNative(): Native {
  const platform = `${process.platform}-${process.arch}`;
  const addon = ADDONS[platform];
  if (addon === undefined)
    throw new Error(
      `ClickHouse cannot be embedded on ${platform}: give WAREHOUSE_URL, or use Linux or macOS`,
    );
  // the addon is a dependency of chdb's, so it is looked up from there
  const fromChdb = createRequire(createRequire(import.meta.url).resolve('chdb'));
  return fromChdb(addon) as Native;
}
