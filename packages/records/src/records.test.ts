import { freshRecords, freshRecordsUrl } from '@bellwether/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from 'kysely';
import { migrateRecords, openRecords, type Records } from './records.ts';

// What the application asks of its records, on the embedded PostgreSQL and on any from 15 on.

let records: Records;
beforeAll(async () => {
  records = await freshRecords();
});
afterAll(() => records.destroy());

const user = (
  id: string,
): {
  id: string;
  email: string;
  name: string;
  role: 'admin';
  locale: 'en';
  password_hash: string;
  created_at: Date;
} => ({
  id,
  email: `${id}@example.com`,
  name: id,
  role: 'admin',
  locale: 'en',
  password_hash: 'x',
  created_at: new Date(0),
});

test('migrations run once', async () => {
  const fresh = openRecords({ url: await freshRecordsUrl() });
  expect((await migrateRecords(fresh)).length).toBeGreaterThan(2);
  expect(await migrateRecords(fresh)).toEqual([]);
  await fresh.destroy();
});

test('two processes that migrate at once do it once', async () => {
  const url = await freshRecordsUrl();
  const both = [openRecords({ url }), openRecords({ url })];
  const ran = await Promise.all(both.map(migrateRecords));
  expect(ran.filter(names => names.length > 0)).toHaveLength(1);
  await Promise.all(both.map(each => each.destroy()));
});

test('records that a newer version wrote are refused', async () => {
  const fresh = await freshRecords();
  await sql`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999_of_the_future', '2999')`.execute(
    fresh,
  );
  await expect(migrateRecords(fresh)).rejects.toMatchObject({ code: 'records.newer' });
  await fresh.destroy();
});

test('a migration that fails says so and leaves nothing', async () => {
  const fresh = openRecords({ url: await freshRecordsUrl() });
  await sql`CREATE TABLE outbox (in_the_way int)`.execute(fresh);
  await expect(migrateRecords(fresh)).rejects.toMatchObject({ code: 'records.migration_failed' });
  const tables = await sql`SELECT 1 FROM pg_tables WHERE tablename = 'audiences'`.execute(fresh);
  expect(tables.rows).toEqual([]);
  await fresh.destroy();
});

test('a transaction that fails leaves nothing', async () => {
  const attempt = records.transaction().execute(async step => {
    await step.insertInto('users').values(user('half')).execute();
    throw new Error('midway');
  });
  await expect(attempt).rejects.toThrow('midway');
  expect(await records.selectFrom('users').selectAll().where('id', '=', 'half').execute()).toEqual([]);
});

test('rows that one worker has claimed are skipped by the next', async () => {
  await records.insertInto('users').values(['a', 'b', 'c', 'd'].map(user)).execute();
  const claim = (from: Pick<Records, 'selectFrom'>): Promise<string[]> =>
    from
      .selectFrom('users')
      .select('id')
      .orderBy('id')
      .limit(2)
      .forUpdate()
      .skipLocked()
      .execute()
      .then(rows => rows.map(row => row.id));
  await records.transaction().execute(async first => {
    const mine = await claim(first);
    const theirs = await records.transaction().execute(claim);
    expect([...mine, ...theirs].sort()).toEqual(['a', 'b', 'c', 'd']);
  });
});

test('counts come as numbers, documents as objects, moments as dates', async () => {
  const row = await sql<{ n: number; j: unknown; at: Date }>`
    SELECT count(*) AS n, '{"a":[1]}'::jsonb AS j, '2026-01-02T03:04:05Z'::timestamptz AS at FROM generate_series(1, 3)`.execute(
    records,
  );
  expect(row.rows).toEqual([{ n: 3, j: { a: [1] }, at: new Date('2026-01-02T03:04:05Z') }]);
});

test('a pool lives on when its connections are cut', async () => {
  const url = await freshRecordsUrl();
  const pool = openRecords({ url, connections: 2 });
  await sql`SELECT 1`.execute(pool);
  await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${new URL(url).pathname.slice(1)} AND pid <> pg_backend_pid()`.execute(
    records,
  );
  const answered = (): Promise<boolean> =>
    sql`SELECT 1`.execute(pool).then(
      () => true,
      () => false,
    );
  // queries that find the cut connection may fail; those after them do not
  let lives = false;
  for (let tries = 0; tries < 20 && !lives; tries++) lives = await answered();
  expect(lives).toBe(true);
  await pool.destroy();
});
