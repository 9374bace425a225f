import { AppError, type Milliseconds, type Work } from '@bellwether/contracts';
import { countsIn, drift, rowsAt, type Drift } from '@bellwether/ml';
import { clickhouseTime, type Warehouse } from '@bellwether/warehouse';
import {
  dataMoment,
  featuresInBatches,
  type Applied,
  type ApplyOptions,
  type ClassifierQuestion,
  type Subjects,
} from '../features/index.ts';
import type { Stores } from '../stores.ts';
import { currentTerms, keptClassifier, type KeptClassifier, type Learned } from '../training/index.ts';
import { insertable, reasonsOf } from './reasons.ts';

interface Run {
  warehouse: Warehouse;
  scenario: ClassifierQuestion;
  champion: ReadableChampion;
  asOf: Milliseconds;
  scoredAt: Milliseconds;
  /** Probability from which somebody is chosen: by the settings of today, not by those of the training. */
  threshold: number;
}

/** What is counted while the customers pass by. */
interface Tally {
  scored: number;
  chosen: number;
  features: Map<string, Float64Array>;
  probability: Float64Array;
}

/** Rows worked on and inserted at a time: some megabytes. */
const CHUNK = 10_000;

/**
 * Scores every subject with the champion, as of the data's own now, a chunk at a time: memory does not grow with the
 * customers. Readers see the run when its last row is in, never half of it.
 *
 * @throws AppError `scenario.no_champion` when no version was promoted yet, `scenario.bad_version` when it cannot be read
 * @example
 * const { scored, chosen } = await scoreWithClassifier(stores, question);
 */
export async function scoreWithClassifier(
  stores: Stores,
  scenario: ClassifierQuestion,
  { exclude }: ApplyOptions = {},
  work: Work = {},
): Promise<Applied> {
  const champion = await championInUse(stores, scenario);
  const asOf = await dataMoment(stores);
  const { warehouse } = stores;
  const threshold = (await currentTerms(stores))?.threshold ?? champion.card.threshold;
  const scoredAt = await nextScoredAt(stores, scenario.name);
  const run = { warehouse, scenario, champion, asOf, scoredAt, threshold };
  const tally = emptyTally(champion.learned);
  for await (const batch of featuresInBatches(warehouse, scenario, asOf, { exclude, signal: work.signal })) {
    for (const chunk of chunksOf(batch)) {
      await scoreChunk(run, chunk, tally);
      work.onProgress?.({ done: tally.scored, unit: 'customers', step: 'score' });
    }
  }
  await finish(run, tally);
  return { version: champion.version, as_of: asOf, scored: tally.scored, chosen: tally.chosen };
}

type ReadableChampion = KeptClassifier & { learned: Learned };

async function championInUse({ records }: Stores, { name }: ClassifierQuestion): Promise<ReadableChampion> {
  const champion = await keptClassifier(records, name);
  if (champion === undefined)
    throw new AppError('scenario.no_champion', `${name} has no version in use: train one, or promote one`);
  const { version, learned } = champion;
  if (learned === undefined)
    throw new AppError(
      'scenario.bad_version',
      `version ${version} of ${name} was kept in a form that is not read any more: train it again`,
    );
  return { ...champion, learned };
}

/** The clock, but after the last run: a stopped clock must not merge two runs into one. */
export async function nextScoredAt({ warehouse, clock }: Stores, scenario: string): Promise<Milliseconds> {
  const { last } = await warehouse.one<{ last: number }>(
    'SELECT toUnixTimestamp64Milli(max(scored_at)) AS last FROM score_runs WHERE scenario = {name:String}',
    { name: scenario },
  );
  return Math.max(clock.now(), last + 1);
}

function emptyTally({ spreads, scoreSpread }: Learned): Tally {
  const features = new Map([...spreads].map(([name, { counts }]) => [name, new Float64Array(counts.length)]));
  return { scored: 0, chosen: 0, features, probability: new Float64Array(scoreSpread.counts.length) };
}

function* chunksOf({ asOf, ids, table }: Subjects): Generator<Subjects> {
  for (let from = 0; from < ids.length; from += CHUNK) {
    const positions = Array.from({ length: Math.min(CHUNK, ids.length - from) }, (_, i) => from + i);
    yield { asOf, ids: ids.slice(from, from + CHUNK), table: rowsAt(table, positions) };
  }
}

async function scoreChunk(run: Run, { ids, table }: Subjects, tally: Tally): Promise<void> {
  const { champion, scenario, warehouse } = run;
  const { model, spreads, scoreSpread } = champion.learned;
  const { probability, low, high } = model.judge(table);
  const effects = model.effects(table);
  const stamp = { scenario: scenario.name, as_of: clickhouseTime(run.asOf) };
  const version = { ...stamp, version: champion.version, scored_at: clickhouseTime(run.scoredAt) };
  const rows = ids.map((customer_id, row) => ({
    ...version,
    customer_id,
    probability: probability[row],
    low: low[row],
    high: high[row],
    chosen: probability[row] >= run.threshold,
    reasons: reasonsOf(effects, table, row),
  }));
  const token = `${scenario.name}:${champion.version}:${run.scoredAt}:${tally.scored}`;
  await warehouse.insert('scores', rows, { token: `scores:${token}` });
  const values = ids.map((customer_id, row) => ({
    ...stamp,
    customer_id,
    names: table.names,
    values: table.columns.map(column => insertable(column[row])),
  }));
  await warehouse.insert('features', values, { token: `features:${token}` });
  tally.scored += ids.length;
  tally.chosen += rows.reduce((sum, row) => sum + Number(row.chosen), 0);
  table.names.forEach((name, j) => {
    const spread = spreads.get(name);
    if (spread) countsIn(spread.edges, table.columns[j], tally.features.get(name));
  });
  countsIn(scoreSpread.edges, probability, tally.probability);
}

/** Marks the run as whole: from here on it is the one that readers take. */
async function finish(run: Run, tally: Tally): Promise<void> {
  const { champion, scenario } = run;
  const { spreads, scoreSpread } = champion.learned;
  const drifts = [...spreads].map(([name, { counts }]) => {
    return [name, drift(counts, tally.features.get(name) ?? counts)] as const;
  });
  const row = {
    scenario: scenario.name,
    version: champion.version,
    as_of: clickhouseTime(run.asOf),
    scored_at: clickhouseTime(run.scoredAt),
    customers: tally.scored,
    drift: Object.fromEntries(drifts.map(([name, { psi }]) => [name, psi])),
    drifted: drifts.filter(([, found]) => isDrift(found)).map(([name]) => name),
    score_drift: drift(scoreSpread.counts, tally.probability).psi,
  };
  await run.warehouse.insert('score_runs', [row], { token: `score_runs:${scenario.name}:${run.scoredAt}` });
}

/** Above this a population stability index is held to be a shift (Siddiqi 2006); less is, in many rows, merely seen. */
const SHIFT = 0.25;

function isDrift({ psi, noise }: Drift): boolean {
  return psi > noise && psi > SHIFT;
}
