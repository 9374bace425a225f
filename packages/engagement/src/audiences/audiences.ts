import { AppError, type Audience, type AudienceDefinition } from '@bellwether/contracts';
import { sql, type Database, type Selectable, type Transaction } from '@bellwether/records';
import { clickhouseTime, sqlBeside } from '@bellwether/warehouse';
import { randomUUID } from 'node:crypto';
import { nowOf, type Engagement } from '../engagement.ts';
import { compileAudience } from './compile.ts';

const REFRESH = sqlBeside(import.meta.url, 'refresh.sql');
const SAMPLE = sqlBeside(import.meta.url, 'sample.sql');
const SIZE = sqlBeside(import.meta.url, 'size.sql');

type Row = Selectable<Database['audiences']>;

/**
 * Keeps a definition and computes its members.
 *
 * @throws AppError `audience.bad_definition`
 * @example
 * const audience = await createAudience(engagement, {
 *   name: 'Likely buyers', definition: { scenario: 'purchase-prediction', min_probability: 0.3, max_probability: 1, chosen_only: false },
 * });
 */
export async function createAudience(
  engagement: Engagement,
  { name, definition }: { name: string; definition: AudienceDefinition },
): Promise<Audience> {
  compileAudience(definition, engagement.stores.clock.now());
  const { records } = engagement.stores;
  const id = randomUUID();
  await records
    .insertInto('audiences')
    .values({ id, name, definition: JSON.stringify(definition), created_at: nowOf(engagement) })
    .execute();
  return refreshAudience(engagement, id);
}

/** Audiences, newest first. */
export async function listAudiences(engagement: Engagement): Promise<Audience[]> {
  const rows = await engagement.stores.records
    .selectFrom('audiences')
    .selectAll()
    .orderBy(['created_at desc', 'id'])
    .execute();
  return rows.map(audienceOf);
}

/** @throws AppError `audience.not_found` */
export async function getAudience(engagement: Engagement, id: string): Promise<Audience> {
  const row = await engagement.stores.records
    .selectFrom('audiences')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw notFound(id);
  return audienceOf(row);
}

/** How many a definition would hold now, and some of them: the same ones every time. */
export async function countAudience(
  { stores }: Engagement,
  definition: AudienceDefinition,
): Promise<{ size: number; sample: { customer_id: string; name: string; email: string }[] }> {
  const { sql: members, params } = compileAudience(definition, stores.clock.now());
  const [{ size }, sample] = await Promise.all([
    stores.warehouse.one<{ size: number }>(`SELECT uniqExact(customer_id) AS size FROM (${members})`, params),
    stores.warehouse.query<{ customer_id: string; name: string; email: string }>(
      SAMPLE.replace('/* members */', members),
      params,
    ),
  ]);
  return { size, sample };
}

/**
 * Computes the members again and writes who entered and who left. The audience's row is locked meanwhile, so that two
 * computations follow each other; one that was cut off is completed by the next, which compares with what is there.
 *
 * @throws AppError `audience.not_found`
 */
export async function refreshAudience(engagement: Engagement, id: string): Promise<Audience> {
  return engagement.stores.records.transaction().execute(async transaction => {
    const row = await transaction
      .selectFrom('audiences')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw notFound(id);
    const size = await compute(engagement, row);
    return audienceOf(await keep(transaction, id, size, nowOf(engagement)));
  });
}

async function compute({ stores }: Engagement, row: Row): Promise<number> {
  const members = compileAudience(row.definition, stores.clock.now());
  const computation = row.computation + 1;
  await stores.warehouse.command(
    REFRESH.replace('/* members */', members.sql),
    { ...members.params, audience: row.id, computation, at: clickhouseTime(stores.clock.now()) },
    {
      insert_deduplicate: 1,
      insert_deduplication_token: `audience ${row.id} ${computation} ${randomUUID()}`,
    },
  );
  return (await stores.warehouse.one<{ size: number }>(SIZE, { audience: row.id })).size;
}

function keep(transaction: Transaction<Database>, id: string, size: number, now: Date): Promise<Row> {
  return transaction
    .updateTable('audiences')
    .set({ size, computed_at: now, computation: sql`computation + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

function audienceOf(row: Row): Audience {
  return {
    id: row.id,
    name: row.name,
    definition: row.definition,
    size: row.size,
    computed_at: row.computed_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
  };
}

function notFound(id: string): AppError {
  return new AppError('audience.not_found', `there is no audience "${id}"`);
}
