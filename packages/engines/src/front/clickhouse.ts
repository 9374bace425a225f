import { randomUUID } from 'node:crypto';
import type { Answer, Connection, Native, Piece, Written } from './native.ts';
import { literal, quoted } from './statement.ts';

const NOTHING = Buffer.alloc(0);
/** Milliseconds. */
const KILL_EVERY = 250;

/** What a request's statement runs with. */
export interface Scope {
  database: string;
  /** `[name, value]`; parameters are named `param_x` and hold the text that HTTP's `param_x` holds. */
  settings: readonly (readonly [string, string])[];
  /** Stops what runs. */
  signal: AbortSignal;
}

/** One request's own session. */
export interface Session {
  query(sql: string, format: string): Promise<Answer>;
  /** An insert that brings no rows behind it; unlike `query` it tells how many it wrote. */
  insert(sql: string): Promise<Written>;
  pieces(sql: string, format: string): AsyncGenerator<Piece>;
}

/** The one ClickHouse of this process. */
export class ClickHouse {
  readonly #native: Native;
  readonly #folder: string;
  readonly #args: readonly string[];
  /** Keeps the engine alive between requests: it ends with its last connection. */
  readonly #anchor: Connection;

  constructor(native: Native, folder: string, args: readonly string[]) {
    this.#native = native;
    this.#folder = folder;
    this.#args = args;
    this.#anchor = native.CreateConnection(folder, args);
  }

  /** A statement of the front's own. */
  async command(sql: string): Promise<string> {
    const answer = await this.#native.QueryAsyncConnection(this.#anchor, sql, 'TabSeparated');
    return answer.bytes.toString('utf8');
  }

  /**
   * Runs `use` in a session that nobody used before and nobody will after: after a failed query its rows, and always
   * its settings, would otherwise show in the next request.
   */
  async withSession<T>(scope: Scope, use: (session: Session) => Promise<T>): Promise<T> {
    const mark = randomUUID();
    const connection = this.#native.CreateConnection(this.#folder, this.#args);
    const stopKilling = this.#killOnAbort(scope.signal, mark);
    try {
      await this.#native.QueryAsyncConnection(connection, preamble(scope, mark), 'Null');
      scope.signal.throwIfAborted();
      return await use(this.#sessionOn(connection));
    } finally {
      stopKilling();
      this.#native.CloseConnection(connection);
    }
  }

  close(): void {
    this.#native.CloseConnection(this.#anchor);
  }

  #sessionOn(connection: Connection): Session {
    const native = this.#native;
    return {
      query: (sql, format) => native.QueryAsyncConnection(connection, sql, format),
      insert: sql => native.InsertRawAsyncConnection(connection, sql, NOTHING, false),
      async *pieces(sql, format) {
        const cursor = native.StreamQuery(connection, sql, format);
        let open = true;
        try {
          for (;;) {
            open = false;
            const piece = await native.StreamFetch(cursor);
            open = !piece.done;
            if (piece.done) return;
            yield piece;
          }
        } finally {
          // a cursor that came to its end or failed is gone already
          if (open) native.StreamCancel(cursor);
        }
      },
    };
  }

  /** The addon has no interrupt; ClickHouse has. Asked again until the query, which may only be starting, has gone. */
  #killOnAbort(signal: AbortSignal, mark: string): () => void {
    const sql = `KILL QUERY WHERE Settings['log_comment'] = '${mark}' ASYNC`;
    const kill = (): void => void this.command(sql).catch(() => undefined);
    let again: NodeJS.Timeout | undefined;
    const start = (): void => {
      kill();
      again = setInterval(kill, KILL_EVERY);
    };
    signal.addEventListener('abort', start, { once: true });
    return () => {
      signal.removeEventListener('abort', start);
      clearInterval(again);
    };
  }
}

function preamble(scope: Scope, mark: string): string {
  const settings = [...scope.settings, ['log_comment', mark] as const];
  const set = settings.map(([name, value]) => `${name} = ${literal(value)}`).join(', ');
  return `USE ${quoted(scope.database)}; SET ${set}`;
}
