import {
  AppError,
  type Lookalike,
  type LookalikeBody,
  type LookalikeMember,
  type LookalikeSeed,
  type Milliseconds,
} from '@bellwether/contracts';
import {
  bootstrap,
  impute,
  logistic,
  methodOf,
  pipeline,
  ranked,
  Rng,
  rowsAt,
  sigmoid,
  stacked,
  standardise,
  stratifiedFold,
  valuesAt,
  type OddsModel,
  type Table,
} from '@bellwether/ml';
import {
  dataMoment,
  definitionNamed,
  nextScoredAt,
  traitAt,
  traitDefinitions,
  type KeptTraits,
  type Stores,
} from '@bellwether/pipeline';
import { clickhouseTime, type Params, type Warehouse } from '@bellwether/warehouse';
import { randomUUID } from 'node:crypto';
import { descriptions } from './describe.ts';
import { FEATURES } from './features.ts';
import { profilesInBatches } from './read.ts';
import { TAGS, taggedSql } from './tags.ts';

/** Fewer tell nothing of what they have in common. */
const LEAST_SEED = 30;
const MOST_SEED = 5_000;
const MOST_REST = 15_000;
const FOLDS = 5;
const Z = 1.959964;

const LOG = FEATURES.filter(feature => feature.skewed).map(({ name }) => name);
const METHOD = pipeline([impute(), standardise({ log: LOG })], logistic({ l2: 10 }));

/** Everybody of whom something is known, with who of them is of the seed. */
interface Everybody {
  ids: string[];
  table: Table;
  inSeed: Uint8Array;
}

/**
 * Finds the customers who are most like a seed: a classifier tells the seed from the rest, and who of the rest it takes
 * for seed is like it. Who is not of the seed is unlabelled, not unlike (Elkan and Noto 2008): scores are divided by the
 * share of known seed members that the classifier finds. The list is kept as scores of a scenario of its own, so that
 * audiences can use it at once.
 *
 * @throws AppError `lookalike.seed_too_small`, `lookalike.no_better_than_chance`, `lookalike.nobody_left`
 * @example
 * const { auc, scenario } = await makeLookalike(stores, { name: 'Like our champions', seed: { kind: 'rfm', group: 'champions' }, size: 500 });
 */
export async function makeLookalike(
  stores: Stores,
  body: LookalikeBody,
  { exclude = [], seed = 1 }: { exclude?: readonly string[]; seed?: number } = {},
): Promise<Lookalike> {
  const asOf = await dataMoment(stores);
  const members = await seedOf(stores, body.seed, asOf);
  const everybody = await everybodyOf(stores.warehouse, asOf, members, exclude);
  const count = everybody.inSeed.reduce((sum, one) => sum + one, 0);
  refuseSize(count, everybody.ids.length);
  const { table, target } = sampled(everybody, new Rng(seed));
  const held = await heldOut(table, target, seed);
  const auc = await bootstrap(target.length, ranked(held, target), { rng: new Rng(seed), rounds: 300 });
  if (auc.low <= 0.5)
    throw new AppError(
      'lookalike.no_better_than_chance',
      `what is known of customers does not tell these ${count} from the rest: AUC ${auc.value.toFixed(2)} (95 %: ${auc.low.toFixed(2)} to ${auc.high.toFixed(2)}), 0.5 is chance. Choose a seed whose members have more in common.`,
    );
  const found = held.filter((_, row) => target[row] === 1);
  const labelledShare = found.reduce((sum, p) => sum + p, 0) / found.length;
  const model = await METHOD.fit(table, target, { rng: new Rng(seed) });
  const best = mostAlike(model, everybody, labelledShare, body.size);
  const id = randomUUID();
  const scenario = `lookalike:${id}`;
  await keepScores(stores, scenario, asOf, best);
  const [seedDescription] = descriptions(table, Int32Array.from(target)).filter(
    ({ cluster }) => cluster === 1,
  );
  const result: Lookalike = {
    ...{ id, name: body.name, seed: withoutIds(body.seed), size: best.length, scenario, auc },
    ...{ created_at: new Date(stores.clock.now()).toISOString(), as_of: new Date(asOf).toISOString() },
    ...{ seed_customers: count, candidates: everybody.ids.length - count, labelled_share: labelledShare },
    ...{ method: methodOf(METHOD), differences: seedDescription.differences.slice(0, 8) },
  };
  await stores.records
    .insertInto('lookalikes')
    .values({ id, result: JSON.stringify(result), created_at: new Date(stores.clock.now()) })
    .execute();
  return result;
}

/** What is kept of a seed: ids would outlive the erasure of a person. */
function withoutIds(seed: LookalikeSeed): LookalikeSeed {
  return seed.kind === 'customers' ? { ...seed, customers: [] } : seed;
}

function refuseSize(seed: number, all: number): void {
  if (seed < LEAST_SEED)
    throw new AppError(
      'lookalike.seed_too_small',
      `the seed has ${seed} customers who bought something; it takes ${LEAST_SEED} to see what they have in common`,
    );
  if (all - seed < LEAST_SEED)
    throw new AppError(
      'lookalike.nobody_left',
      `all but ${all - seed} customers are of the seed: nobody is left to find`,
    );
}

/** The customers of a seed. */
async function seedOf(stores: Stores, seed: LookalikeSeed, now: Milliseconds): Promise<ReadonlySet<string>> {
  if (seed.kind === 'customers') return new Set(seed.customers);
  if (seed.kind === 'trait') return traitSeed(stores, seed, now);
  const { sql, params } = seedSql(seed, now);
  const rows = await stores.warehouse.query<{ customer_id: string }>(sql, params);
  return new Set(rows.map(row => row.customer_id));
}

function seedSql(
  seed: Exclude<LookalikeSeed, { kind: 'customers' | 'trait' }>,
  now: Milliseconds,
): { sql: string; params: Params } {
  switch (seed.kind) {
    case 'audience':
      return {
        sql: 'SELECT customer_id FROM audience_members WHERE audience_id = {id:String} GROUP BY customer_id HAVING sum(change) > 0',
        params: { id: seed.audience },
      };
    case 'segment':
      return {
        sql: 'SELECT customer_id FROM current_segments WHERE segment = {segment:String}',
        params: { segment: seed.segment },
      };
    case 'rfm':
      return {
        sql: 'SELECT customer_id FROM current_segments WHERE rfm_group = {group:String}',
        params: { group: seed.group },
      };
    case 'tag':
      if (!TAGS.some(({ name }) => name === seed.tag))
        throw new AppError(
          'tag.unknown',
          `there is no tag "${seed.tag}"; there are ${TAGS.map(t => t.name).join(', ')}`,
        );
      return taggedSql(seed.tag, now);
  }
}

async function traitSeed(
  stores: Stores,
  { trait, at_least, at_most, is }: Extract<LookalikeSeed, { kind: 'trait' }>,
  now: Milliseconds,
): Promise<ReadonlySet<string>> {
  const definition = definitionNamed(await traitDefinitions(stores), trait);
  const rows = await stores.warehouse.query<KeptTraits & { customer_id: string }>(
    'SELECT customer_id, numbers, texts FROM customer_traits FINAL',
  );
  const holds = (value: string | number | null): boolean => {
    if (value === null) return false;
    if (typeof value === 'string') return is === undefined || value === is;
    return (at_least === undefined || value >= at_least) && (at_most === undefined || value <= at_most);
  };
  return new Set(rows.filter(row => holds(traitAt(trait, definition, row, now))).map(row => row.customer_id));
}

/** A million customers are some 60 megabytes of numbers. */
async function everybodyOf(
  warehouse: Warehouse,
  asOf: Milliseconds,
  members: ReadonlySet<string>,
  exclude: readonly string[],
): Promise<Everybody> {
  const ids: string[] = [];
  const tables: Table[] = [];
  for await (const batch of profilesInBatches(warehouse, asOf, { exclude })) {
    for (const id of batch.ids) ids.push(id);
    tables.push(batch.table);
  }
  // the warehouse sends rows in no order: the same customers, the same draws
  const order = Uint32Array.from(ids.keys()).sort((a, b) => (ids[a] < ids[b] ? -1 : 1));
  const sorted = Array.from(order, row => ids[row]);
  return {
    ids: sorted,
    table: rowsAt(stacked(tables), order),
    inSeed: Uint8Array.from(sorted, id => Number(members.has(id))),
  };
}

/** Of seed and rest a bounded number each. */
function sampled({ table, inSeed }: Everybody, rng: Rng): { table: Table; target: Float32Array } {
  const order = rng.permutation(table.rows);
  const seed = order.filter(row => inSeed[row] === 1).subarray(0, MOST_SEED);
  const rest = order.filter(row => inSeed[row] === 0).subarray(0, MOST_REST);
  const rows = [...seed, ...rest];
  return { table: rowsAt(table, rows), target: Float32Array.from(rows, row => inSeed[row]) };
}

/** What models that did not see a row say of it. */
async function heldOut(table: Table, target: Float32Array, seed: number): Promise<Float64Array> {
  const held = new Float64Array(table.rows);
  for (const { train, test } of stratifiedFold(target, FOLDS, new Rng(seed))) {
    const model = await METHOD.fit(rowsAt(table, train), valuesAt(target, train), { rng: new Rng(seed) });
    model.predict(rowsAt(table, test)).forEach((p, i) => (held[test[i]] = p));
  }
  return held;
}

interface Alike {
  id: string;
  score: number;
  low: number;
  high: number;
}

function mostAlike(
  model: OddsModel,
  { ids, table, inSeed }: Everybody,
  share: number,
  size: number,
): Alike[] {
  const rest = Uint32Array.from(ids.keys()).filter(row => inSeed[row] === 0);
  const candidates = rowsAt(table, rest);
  const odds = model.logOdds(candidates);
  const best = Uint32Array.from(odds.keys())
    .sort((a, b) => odds[b] - odds[a] || a - b)
    .subarray(0, size);
  const chosen = rowsAt(candidates, best);
  const deviation = model.deviation(chosen);
  const corrected = (logOdds: number): number => Math.min(1, sigmoid(logOdds) / share);
  return Array.from(best, (row, i) => ({
    id: ids[rest[row]],
    score: corrected(odds[row]),
    low: corrected(odds[row] - Z * deviation[i]),
    high: corrected(odds[row] + Z * deviation[i]),
  }));
}

const CHUNK = 20_000;

async function keepScores(
  stores: Stores,
  scenario: string,
  asOf: Milliseconds,
  best: readonly Alike[],
): Promise<void> {
  const scoredAt = await nextScoredAt(stores, scenario);
  const stamp = { scenario, version: 1, as_of: clickhouseTime(asOf), scored_at: clickhouseTime(scoredAt) };
  for (let from = 0; from < best.length; from += CHUNK) {
    const rows = best.slice(from, from + CHUNK).map(({ id, score, low, high }) => ({
      ...{ ...stamp, customer_id: id, probability: score, low, high, chosen: true, reasons: [] },
    }));
    await stores.warehouse.insert('scores', rows, { token: `scores:${scenario}:${from}` });
  }
  const run = { ...stamp, customers: best.length, drift: {}, drifted: [], score_drift: 0 };
  await stores.warehouse.insert('score_runs', [run], { token: `score_runs:${scenario}` });
}

/** Lookalikes that were made, the newest first. */
export async function listLookalikes({ records }: Pick<Stores, 'records'>): Promise<Lookalike[]> {
  const rows = await records
    .selectFrom('lookalikes')
    .select('result')
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(row => row.result);
}

/**
 * The customers of a lookalike, the most alike first.
 *
 * @throws AppError `lookalike.unknown`
 */
export async function lookalikeMembers(
  { records, warehouse }: Stores,
  id: string,
  limit: number,
): Promise<LookalikeMember[]> {
  const known = await records.selectFrom('lookalikes').select('id').where('id', '=', id).executeTakeFirst();
  if (known === undefined) throw new AppError('lookalike.unknown', `there is no lookalike "${id}"`);
  return warehouse.query<LookalikeMember>(
    `SELECT scored.customer_id AS customer_id, name, email, scored.probability AS score, low, high, orders, revenue
     FROM (SELECT * FROM current_scores WHERE scenario = {scenario:String}) AS scored
     LEFT JOIN customers ON customers.customer_id = scored.customer_id
     ORDER BY score DESC, customer_id LIMIT {limit:UInt32}`,
    { scenario: `lookalike:${id}`, limit },
  );
}
