import { AppError } from '@bellwether/contracts';
import { sql, type Records } from '@bellwether/records';
import { setTimeout as pause } from 'node:timers/promises';

/** The database may need a moment to see that the process which held the lock is gone: so often we look, so long apart. */
const TRIES = 40;
const PAUSE_MS = 50;

/**
 * Does work that only one process may do at a time. The lock is the database's: it is free again as soon as the process
 * that held it is gone, however it went; two seconds are given to that.
 *
 * @throws AppError `import.running` when the import is under way elsewhere
 */
export async function exclusively<T>(records: Records, importId: string, work: () => Promise<T>): Promise<T> {
  return records.connection().execute(async connection => {
    if (!(await taken(() => called(connection, 'pg_try_advisory_lock', importId))))
      throw new AppError(
        'import.running',
        `the import ${importId} is under way; wait for it or stop it first`,
      );
    try {
      return await work();
    } finally {
      await called(connection, 'pg_advisory_unlock', importId);
    }
  });
}

async function taken(attempt: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 1; tries < TRIES; tries++) {
    if (await attempt()) return true;
    await pause(PAUSE_MS);
  }
  return attempt();
}

/** What the database's function says of the lock of an import. */
async function called(
  connection: Records,
  name: 'pg_try_advisory_lock' | 'pg_advisory_unlock',
  importId: string,
): Promise<boolean> {
  const { rows } = await sql<{
    said: boolean;
  }>`SELECT ${sql.raw(name)}(hashtextextended(${importId}, 0)) AS said`.execute(connection);
  return rows[0]?.said === true;
}
