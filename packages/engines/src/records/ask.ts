import pg from 'pg';

/** Runs one query on a connection of its own. */
export async function askRecords<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // the connection may break while nothing is asked of it; the query reports its own failure
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Settles when a PostgreSQL serves at this URL, even one with no connection to spare. */
export async function pingRecords(url: string): Promise<void> {
  try {
    await askRecords(url, 'SELECT 1');
  } catch (error) {
    if ((error as pg.DatabaseError).code !== TOO_MANY_CONNECTIONS) throw error;
  }
}

const TOO_MANY_CONNECTIONS = '53300';
