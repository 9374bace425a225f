import { AppError } from '@bellwether/contracts';
import { sql, type Records } from '@bellwether/records';

/**
 * Does work that only one process may do at a time. The lock is the database's: it is free again as soon as the process
 * that held it is gone, however it went.
 *
 * @throws AppError `import.running` when the import is under way elsewhere
 */
export async function exclusively<T>(records: Records, importId: string, work: () => Promise<T>): Promise<T> {
  return records.connection().execute(async connection => {
    const key = sql`hashtextextended(${importId}, 0)`;
    const { rows } = await sql<{ held: boolean }>`SELECT pg_try_advisory_lock(${key}) AS held`.execute(
      connection,
    );
    if (rows[0]?.held !== true)
      throw new AppError(
        'import.running',
        `the import ${importId} is under way; wait for it or stop it first`,
      );
    try {
      return await work();
    } finally {
      await sql`SELECT pg_advisory_unlock(${key})`.execute(connection);
    }
  });
}
