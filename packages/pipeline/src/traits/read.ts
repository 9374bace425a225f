import { AppError, type Milliseconds, type TraitDefinition, type TraitValue } from '@bellwether/contracts';
import { clickhouseTime, type Params, type Warehouse } from '@bellwether/warehouse';
import { compileTraits, isText, type Definitions } from './compile.ts';

/** What is kept of a customer, as `customer_traits` has it. */
export interface KeptTraits {
  numbers: Readonly<Record<string, number>>;
  texts: Readonly<Record<string, string>>;
}

const SECONDS_A_DAY = 86_400;

/**
 * The value of a trait at a moment from what is kept: a count or sum of nothing is 0; days since grow with time and are
 * not known once their row has left the window.
 *
 * @example
 * traitAt('last_visit', definition, { numbers: { last_visit: 1_767_225_600 }, texts: {} }, now); // 4.5 days
 */
export function traitAt(
  name: string,
  definition: TraitDefinition,
  { numbers, texts }: KeptTraits,
  now: Milliseconds,
): number | string | null {
  if (isText(definition)) return Object.hasOwn(texts, name) ? texts[name] : null;
  const { measure, days } = definition;
  const value = Object.hasOwn(numbers, name) ? numbers[name] : undefined;
  if (value === undefined) return ['count', 'sum', 'unique'].includes(measure) ? 0 : null;
  if (measure !== 'days_since') return value;
  const since = (now / 1000 - value) / SECONDS_A_DAY;
  return days !== undefined && since >= days ? null : since;
}

/** The same as SQL over `customer_traits`, of numbers: null where it is not known. The name is bound under `as`. */
export function traitNumberSql(
  name: string,
  { measure, days }: TraitDefinition,
  as: string,
): { sql: string; params: Params } {
  const place = `{${as}:String}`;
  const params = { [as]: name };
  if (['count', 'sum', 'unique'].includes(measure)) return { sql: `toNullable(numbers[${place}])`, params };
  const known = (value: string): string => `if(mapContains(numbers, ${place}), ${value}, NULL)`;
  if (measure !== 'days_since') return { sql: known(`numbers[${place}]`), params };
  const since = `(toUnixTimestamp64Milli({now:DateTime64(3, 'UTC')}) / 1000 - numbers[${place}]) / ${SECONDS_A_DAY}`;
  if (days === undefined) return { sql: known(since), params };
  return {
    sql: known(`if(${since} < {${as}_days:UInt32}, ${since}, NULL)`),
    params: { ...params, [`${as}_days`]: days },
  };
}

/** Every trait of one customer in words and numbers; empty when nothing was computed of them. */
export async function customerTraits(
  warehouse: Warehouse,
  definitions: Definitions,
  customerId: string,
  now: Milliseconds,
): Promise<TraitValue[]> {
  const [kept] = await warehouse.query<KeptTraits>(
    'SELECT numbers, texts FROM customer_traits FINAL WHERE customer_id = {id:String}',
    { id: customerId },
  );
  return kept === undefined ? [] : valuesOf(definitions, kept, now);
}

/** Traits in the order of their declarations. */
export function valuesOf(definitions: Definitions, kept: KeptTraits, now: Milliseconds): TraitValue[] {
  return Object.entries(definitions).map(([name, definition]) => ({
    name,
    words: definition.words,
    unit: definition.unit,
    value: traitAt(name, definition, kept, now),
  }));
}

export interface EvaluateOptions {
  asOf: Milliseconds;
  zone?: string;
  /** Only these customers. */
  customers?: readonly string[];
}

/**
 * The values as of any moment, computed there and then, of all customers or of some: nothing is kept.
 *
 * @throws AppError `trait.none`
 */
export async function evaluateTraits(
  warehouse: Warehouse,
  definitions: Definitions,
  { asOf, zone = 'UTC', customers }: EvaluateOptions,
): Promise<Map<string, Record<string, number | string | null>>> {
  const only = customers && {
    sql: 'SELECT arrayJoin({customers:Array(String)}) AS customer_id',
    params: { customers },
  };
  const { sql, params } = compileTraits(definitions, { asOf, zone, only });
  const rows = await warehouse.query<KeptTraits & { customer_id: string }>(sql, params);
  return new Map(
    rows.map(kept => [
      kept.customer_id,
      Object.fromEntries(
        Object.entries(definitions).map(([name, each]) => [name, traitAt(name, each, kept, asOf)]),
      ),
    ]),
  );
}

/** How many customers have a value of each trait, and when values were computed last; nothing before the first time. */
export async function traitCounts(
  warehouse: Warehouse,
): Promise<{ computed_at: string; as_of: string; counts: ReadonlyMap<string, number> } | undefined> {
  const [run] = await warehouse.query<{ computed_at: string; as_of: string }>(
    'SELECT computed_at, as_of FROM trait_runs ORDER BY computed_at DESC LIMIT 1',
  );
  if (run === undefined) return undefined;
  const rows = await warehouse.query<{ name: string; customers: number }>(`
    SELECT arrayJoin(arrayConcat(mapKeys(numbers), mapKeys(texts))) AS name, count() AS customers
    FROM customer_traits FINAL GROUP BY name`);
  return { ...run, counts: new Map(rows.map(row => [row.name, row.customers])) };
}

/** @throws AppError `trait.unknown` with the names that there are */
export function definitionNamed(definitions: Definitions, name: string): TraitDefinition {
  if (Object.hasOwn(definitions, name)) return definitions[name];
  throw new AppError(
    'trait.unknown',
    `there is no trait "${name}"; there are ${Object.keys(definitions).join(', ')}`,
  );
}

export function momentParam(now: Milliseconds): Params {
  return { now: clickhouseTime(now) };
}
