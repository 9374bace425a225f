import { AppError, type Milliseconds, type StageRule, type Work } from '@bellwether/contracts';
import { countsIn, drift, rowsAt } from '@bellwether/ml';
import {
  dataMoment,
  nextScoredAt,
  type Applied,
  type ApplyOptions,
  type Stores,
  type Subjects,
} from '@bellwether/pipeline';
import { clickhouseTime } from '@bellwether/warehouse';
import { factsOf } from './facts.ts';
import {
  alive,
  amountSpread,
  averageOrder,
  forecasts,
  HORIZONS,
  nextOrderDays,
  type Forecast,
  type Horizon,
  type LifecycleModel,
} from './model.ts';
import { customersInBatches, column } from './read.ts';
import { aliveReasons } from './reasons.ts';
import { currentRules } from './rules.ts';
import { fillMonths, prune } from './months.ts';
import { stageOf } from './stages.ts';
import { keptModel, NAME, readOf } from './train.ts';

/** Rows worked on and inserted at a time. */
const CHUNK = 20_000;

interface Run {
  stores: Stores;
  model: LifecycleModel;
  version: number;
  rules: readonly StageRule[];
  asOf: Milliseconds;
  run: Milliseconds;
}

interface Tally {
  scored: number;
  chosen: number;
  features: Map<string, Float64Array>;
  alive: Float64Array;
}

/**
 * Tells of every customer, as of the data's own now: stage, P(alive), orders and value to come. Past months without a
 * record of their stages get one, so that movements have a history from the first day. Time itself changes everybody, so
 * every run tells of all.
 *
 * @throws AppError `scenario.no_champion`, `scenario.bad_version`
 */
export async function apply(
  stores: Stores,
  { exclude }: ApplyOptions = {},
  work: Work = {},
): Promise<Applied> {
  const champion = await keptModel(stores, undefined);
  if (champion === undefined)
    throw new AppError('scenario.no_champion', `${NAME} has no version in use: train one, or promote one`);
  const model = readOf(champion);
  const { stages: rules } = (await currentRules(stores)).rules;
  const asOf = await dataMoment(stores);
  const told = { stores, model, version: champion.version, rules, asOf };
  const run: Run = { ...told, run: await nextScoredAt(stores, NAME) };
  const tally = emptyTally(model);
  const options = { exclude, signal: work.signal };
  for await (const batch of customersInBatches(stores.warehouse, asOf, options))
    for (const chunk of chunksOf(batch)) {
      await tellChunk(run, chunk, tally);
      work.onProgress?.({ done: tally.scored, unit: 'customers', step: 'score' });
    }
  await fillMonths(told, options, work);
  await finish(run, tally);
  await prune(stores, run.asOf, run.run, exclude ?? []);
  return { version: champion.version, as_of: asOf, scored: tally.scored, chosen: tally.chosen };
}

function emptyTally({ spreads, aliveSpread }: LifecycleModel): Tally {
  const features = new Map([...spreads].map(([name, { counts }]) => [name, new Float64Array(counts.length)]));
  return { scored: 0, chosen: 0, features, alive: new Float64Array(aliveSpread.counts.length) };
}

export function* chunksOf({ asOf, ids, table }: Subjects): Generator<Subjects> {
  for (let from = 0; from < ids.length; from += CHUNK) {
    const positions = Array.from({ length: Math.min(CHUNK, ids.length - from) }, (_, i) => from + i);
    yield { asOf, ids: ids.slice(from, from + CHUNK), table: rowsAt(table, positions) };
  }
}

async function tellChunk(run: Run, { ids, table }: Subjects, tally: Tally): Promise<void> {
  const { model, stores, rules } = run;
  const { warehouse } = stores;
  const facts = factsOf(model, table);
  const stages = facts.map(each => stageOf(rules, each));
  const living = alive(model, table);
  const at = clickhouseTime(run.run);
  const token = `${run.version}:${run.run}:${tally.scored}`;
  const stamp = { as_of: clickhouseTime(run.asOf), run: at };
  const standing = ids.map((customer_id, row) => ({
    ...stamp,
    customer_id,
    stage: stages[row],
    ...facts[row],
  }));
  await warehouse.insert('lifecycle_stages', standing, { token: `lifecycle_stages:${token}` });
  const values = outlook(model, table).map((told, row) => ({
    ...{ run: at, customer_id: ids[row], alive_low: living.low[row], alive_high: living.high[row] },
    ...told,
  }));
  await warehouse.insert('lifecycle_values', values, { token: `lifecycle_values:${token}` });
  const reasons = aliveReasons(model, table, living.value);
  const scores = ids.map((customer_id, row) => ({
    ...{ scenario: NAME, version: run.version, as_of: stamp.as_of, scored_at: at, customer_id },
    ...{ probability: living.value[row], low: living.low[row], high: living.high[row] },
    chosen: stages[row] === 'at_risk',
    reasons: reasons[row],
  }));
  await warehouse.insert('scores', scores, { token: `scores:${NAME}:${token}` });
  tally.scored += ids.length;
  tally.chosen += scores.reduce((sum, { chosen }) => sum + Number(chosen), 0);
  count(model, tally, table, living.value);
}

function count(
  { spreads, aliveSpread }: LifecycleModel,
  tally: Tally,
  { names, columns }: Subjects['table'],
  living: Float64Array,
): void {
  names.forEach((name, j) => {
    const spread = spreads.get(name);
    if (spread) countsIn(spread.edges, columns[j], tally.features.get(name));
  });
  countsIn(aliveSpread.edges, living, tally.alive);
}

/** The columns of `lifecycle_values` that are told of each customer. */
function outlook(model: LifecycleModel, table: Subjects['table']): Record<string, number | 'nan'>[] {
  const told = forecasts(model, table, HORIZONS);
  const average = averageOrder(model, table);
  const spread = amountSpread(model);
  const [frequency, age] = [column(table, 'frequency'), column(table, 'age')];
  const next = (row: number, share: number): number | 'nan' => {
    const days = nextOrderDays(model, frequency[row], age[row], share);
    return Number.isNaN(days) ? 'nan' : days;
  };
  return Array.from(frequency, (_, row) => ({
    ...ordersOf(told, row),
    silent_90: told.get(90)?.none[row] ?? 0,
    average: average[row],
    amount_spread: spread,
    ...{ next_days: next(row, 0.5), next_days_low: next(row, 0.1), next_days_high: next(row, 0.9) },
  }));
}

function ordersOf(told: ReadonlyMap<Horizon, Forecast>, row: number): Record<string, number> {
  const columns = [...told].flatMap(([days, { expected, low, high, variance }]) => [
    [`orders_${days}`, expected[row]],
    [`orders_${days}_low`, low[row]],
    [`orders_${days}_high`, high[row]],
    [`orders_${days}_variance`, variance[row]],
  ]);
  return Object.fromEntries(columns) as Record<string, number>; // pairs of a name and a number, as built above
}

/** Marks the run as whole: from here on it is the one that readers take. */
async function finish({ stores, model, version, asOf, run }: Run, tally: Tally): Promise<void> {
  const drifts = [...model.spreads].map(
    ([name, { counts }]) => [name, drift(counts, tally.features.get(name) ?? counts)] as const,
  );
  const stamp = { version, as_of: clickhouseTime(asOf), customers: tally.scored };
  const at = clickhouseTime(run);
  await stores.warehouse.insert('lifecycle_runs', [{ ...stamp, run: at, kind: 'now' }], {
    token: `lifecycle_runs:${run}`,
  });
  const row = {
    ...stamp,
    scenario: NAME,
    scored_at: at,
    drift: Object.fromEntries(drifts.map(([name, { psi }]) => [name, psi])),
    drifted: drifts.filter(([, { psi, noise }]) => psi > noise && psi > SHIFT).map(([name]) => name),
    score_drift: drift(model.aliveSpread.counts, tally.alive).psi,
  };
  await stores.warehouse.insert('score_runs', [row], { token: `score_runs:${NAME}:${run}` });
}

/** Above this a population stability index is held to be a shift (Siddiqi 2006). */
const SHIFT = 0.25;
