import type { Profiling } from '@bellwether/contracts';
import { sql, type Records } from '@bellwether/records';
import type { PrivacyStores } from '../stores.ts';
import { paramsOf, warehousePlaces } from './places.ts';
import { personOf } from './whom.ts';

export interface Objection {
  customerId: string;
  /** True for an objection, false where it was taken back. */
  objects: boolean;
  /** Where it was said. */
  source: string;
  at: Date;
}

/** Tables that hold what a person did and said, and what was done; every other one with persons is computed of them. */
const TOLD = [
  ...['events', 'subject_events', 'order_lines', 'customer_facts', 'quarantine', 'identity', 'customers'],
  ...['prepared_order_lines', 'audience_members', 'decisions', 'deliveries'],
];

/**
 * Adds an objection to profiling or its end. Nothing is overwritten: the newest holds. With an objection goes what models
 * and rules have computed of the person; what they did and bought stays.
 */
export async function recordObjection(stores: PrivacyStores, objection: Objection): Promise<void> {
  const { customerId: customer_id, objects, source, at } = objection;
  await stores.records.insertInto('profiling_choices').values({ customer_id, objects, source, at }).execute();
  if (objects) await forgetProfile(stores, customer_id);
}

async function forgetProfile(stores: PrivacyStores, id: string): Promise<void> {
  const person = await personOf(stores, id);
  for (const { table, condition } of await warehousePlaces(stores.warehouse))
    if (!TOLD.includes(table))
      await stores.warehouse.command(`DELETE FROM ${table} WHERE ${condition}`, paramsOf(person));
}

/** What a person, by any of their ids, said last. */
export async function profilingOf(records: Records, ids: readonly string[]): Promise<Profiling> {
  const row = await records
    .selectFrom('profiling_choices')
    .selectAll()
    .where(sql<boolean>`customer_id = ANY(${[...ids]}::text[])`)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return { objects: false, at: null, source: '' };
  return { objects: row.objects, at: row.at.toISOString(), source: row.source };
}

/**
 * Every id of everybody who objects to being profiled: whom scenarios pass over. An objection under one id holds for all
 * that the person is known by, and the newest word of any of them counts.
 *
 * @example
 * await scenario.train(stores, { exclude: await objectors(stores) }, work);
 */
export async function objectors({ warehouse, records }: PrivacyStores): Promise<string[]> {
  const choices = await records
    .selectFrom('profiling_choices')
    .select(['customer_id', 'objects'])
    .orderBy('at')
    .orderBy('id')
    .execute();
  if (choices.length === 0) return [];
  const ids = [...new Set(choices.map(row => row.customer_id))];
  const links = await warehouse.query<{ alias: string; customer_id: string }>(
    'SELECT alias, customer_id FROM identity WHERE alias IN {ids:Array(String)}',
    { ids },
  );
  const owner = new Map(links.map(link => [link.alias, link.customer_id]));
  const says = new Map<string, boolean>();
  for (const { customer_id, objects } of choices) says.set(owner.get(customer_id) ?? customer_id, objects);
  const objecting = new Set([...says].filter(([, objects]) => objects).map(([id]) => id));
  return [...new Set([...objecting, ...ids.filter(id => objecting.has(owner.get(id) ?? id))])];
}
