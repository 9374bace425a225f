import {
  LIFECYCLE_STAGES,
  type Estimate,
  type LifecycleCustomer,
  type LifecycleCustomersQuery,
  type LifecycleSummary,
  type Stage,
  type StageSummary,
} from '@bellwether/contracts';
import type { Stores } from '@bellwether/pipeline';
import { sqlBeside } from '@bellwether/warehouse';
import { currencyOf } from './currency.ts';
import { dateAfter } from './model.ts';
import { NEXT_STEPS } from './steps.ts';
import { keptModel } from './train.ts';

const SUMMARY = sqlBeside(import.meta.url, 'summary.sql');
const HISTOGRAM = sqlBeside(import.meta.url, 'histogram.sql');
const CUSTOMERS = sqlBeside(import.meta.url, 'customers.sql');
const Z = 1.959964;

type Sum = 'orders_30' | 'orders_90' | 'orders_365' | 'value_30' | 'value_90' | 'value_365';
type StageRow = Record<Sum | `${Sum}_variance` | 'customers' | 'silence_days' | 'alive', number> & {
  stage: Stage;
};

const NOBODY: Omit<StageRow, 'stage' | 'silence_days' | 'alive'> = {
  ...{ customers: 0, orders_30: 0, orders_90: 0, orders_365: 0, value_30: 0, value_90: 0, value_365: 0 },
  ...{ orders_30_variance: 0, orders_90_variance: 0, orders_365_variance: 0 },
  ...{ value_30_variance: 0, value_90_variance: 0, value_365_variance: 0 },
};

interface LastRun {
  as_of: string;
  version: number;
  customers: number;
}

/** Today's customers by stage; nothing before the first run. */
export async function lifecycleSummary(stores: Stores): Promise<LifecycleSummary | null> {
  const { warehouse } = stores;
  const [run] = await warehouse.query<LastRun>(
    "SELECT as_of, version, customers FROM lifecycle_runs WHERE kind = 'now' ORDER BY run DESC LIMIT 1",
  );
  if (run === undefined) return null;
  const [rows, histogram, currency, deviation] = await Promise.all([
    warehouse.query<StageRow>(SUMMARY),
    warehouse.query<LifecycleSummary['histogram'][number]>(HISTOGRAM),
    currencyOf(warehouse),
    parameterDeviation(stores, run.version),
  ]);
  const all = rows.reduce<StageRow>(added, { ...NOBODY, stage: 'active', silence_days: 0, alive: 0 });
  return {
    ...run,
    currency,
    stages: LIFECYCLE_STAGES.map(stage => stageOf(stage, rows, deviation)),
    orders_90: sumOf(all, 'orders_90', deviation),
    value_90: sumOf(all, 'value_90', deviation),
    histogram,
  };
}

function added(sum: StageRow, row: StageRow): StageRow {
  const keys = Object.keys(NOBODY) as (keyof typeof NOBODY)[]; // exactly its keys
  return { ...sum, ...Object.fromEntries(keys.map(key => [key, sum[key] + row[key]])) };
}

/** How far a sum of expectations is open, relative to itself, because the parameters are: as the card tells of its test. */
async function parameterDeviation(stores: Stores, version: number): Promise<number> {
  return (await keptModel(stores, version))?.card.parameter_deviation ?? 0;
}

function stageOf(stage: Stage, rows: readonly StageRow[], deviation: number): StageSummary {
  const found = rows.find(row => row.stage === stage);
  const row = found ?? { ...NOBODY, stage, silence_days: 0, alive: 0 };
  const sum = (name: Sum): Estimate => sumOf(row, name, deviation);
  return {
    stage,
    customers: row.customers,
    silence_days: found?.silence_days ?? null,
    alive: found?.alive ?? null,
    ...{ orders_30: sum('orders_30'), orders_90: sum('orders_90'), orders_365: sum('orders_365') },
    ...{ value_30: sum('value_30'), value_90: sum('value_90'), value_365: sum('value_365') },
    next_step: NEXT_STEPS[stage],
  };
}

/** What chance and what the parameters leave open add up as independent. */
function sumOf(row: StageRow, name: Sum, deviation: number): Estimate {
  const value = row[name];
  const half = Z * Math.hypot(Math.sqrt(row[`${name}_variance`]), value * deviation);
  return { value, low: Math.max(0, value - half), high: value + half, n: row.customers };
}

type Told = 'orders_30' | 'orders_90' | 'orders_365' | 'alive';
type CustomerRecord = Pick<LifecycleCustomer, 'customer_id' | 'name' | 'email' | 'stage' | 'silent_90'> &
  Record<Told | `${Told}_low` | `${Told}_high` | 'orders' | 'silence_days' | 'average', number> &
  Record<'next_days' | 'next_days_low' | 'next_days_high', number | null> & { at: number };

export async function lifecycleCustomers(
  { warehouse }: Stores,
  { stage, sort, order, limit, offset }: LifecycleCustomersQuery,
): Promise<{ rows: LifecycleCustomer[]; total: number }> {
  // both words come from closed lists of the schema
  const ordered = `${CUSTOMERS} ORDER BY ${sort} ${order}, customer_id LIMIT {limit:UInt32} OFFSET {offset:UInt32}`;
  const wanted = { stage: stage ?? '' };
  const [rows, { total }] = await Promise.all([
    warehouse.query<CustomerRecord>(ordered, { ...wanted, limit, offset }),
    warehouse.one<{ total: number }>(
      "SELECT count() AS total FROM current_lifecycle WHERE {stage:String} = '' OR stage = {stage:String}",
      wanted,
    ),
  ]);
  return { rows: rows.map(customerOf), total };
}

function customerOf(row: CustomerRecord): LifecycleCustomer {
  const { customer_id, name, email, stage, orders, silence_days, silent_90, average, at } = row;
  const told = (of: Told, factor = 1): Estimate => ({
    value: row[of] * factor,
    low: row[`${of}_low`] * factor,
    high: row[`${of}_high`] * factor,
    n: 1,
  });
  return {
    ...{ customer_id, name, email, stage, orders, silence_days, silent_90 },
    alive: told('alive'),
    ...{ orders_30: told('orders_30'), orders_90: told('orders_90'), orders_365: told('orders_365') },
    ...{ value_90: told('orders_90', average), value_365: told('orders_365', average) },
    next_order_at: dateAfter(at, row.next_days),
    next_order_low: dateAfter(at, row.next_days_low),
    next_order_high: dateAfter(at, row.next_days_high),
  };
}
