import { sql, type Database, type Kysely, type Records } from '@bellwether/records';
import { randomUUID } from 'node:crypto';

/**
 * Who a worker is, and that it lives. The name is held by an advisory lock of a database session of its own: when the
 * process dies, however it dies, the server drops the lock. No clock and no lease is involved, so a market whose days
 * pass in seconds declares nobody dead. (Needs a direct connection or a session pool, as advisory locks do.)
 */
export class WorkerIdentity {
  readonly name = randomUUID();
  readonly #records: Records;
  #session: Session | undefined;

  constructor(records: Records) {
    this.#records = records;
  }

  /** Takes the lock, or takes it again if the session that held it was lost. */
  async hold(): Promise<void> {
    if (this.#session !== undefined && (await this.#session.lives())) return;
    this.#session = await openSession(this.#records, this.name);
  }

  async release(): Promise<void> {
    await this.#session?.close();
    this.#session = undefined;
  }
}

interface Session {
  lives(): Promise<boolean>;
  close(): Promise<void>;
}

/** Borrows a connection for as long as the worker lives. */
function openSession(records: Records, name: string): Promise<Session> {
  return new Promise((resolve, reject) => {
    let end: () => void = () => undefined;
    const ended = new Promise<void>(done => (end = done));
    const borrowed = records.connection().execute(async connection => {
      await sql`SELECT pg_advisory_lock(hashtextextended(${name}, 0))`.execute(connection);
      const close = async (): Promise<void> => {
        await unlock(connection, name);
        end();
        await borrowed;
      };
      const lives = () => answers(connection).then(alive => (alive ? true : (end(), false)));
      resolve({ lives, close });
      await ended;
    });
    borrowed.catch(reject);
  });
}

async function unlock(connection: Kysely<Database>, name: string): Promise<void> {
  // a session that is lost has no lock to give back
  await sql`SELECT pg_advisory_unlock(hashtextextended(${name}, 0))`
    .execute(connection)
    .catch(() => undefined);
}

async function answers(connection: Kysely<Database>): Promise<boolean> {
  return sql`SELECT 1`.execute(connection).then(
    () => true,
    () => false,
  );
}
