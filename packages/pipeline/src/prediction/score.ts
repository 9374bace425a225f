import { AppError, type Milliseconds, type Work } from '@bellwether/contracts';
import { rowsAt } from '@bellwether/ml';
import { clickhouseTime } from '@bellwether/warehouse';
import {
  dataMoment,
  dropChoice,
  featuresInBatches,
  type Applied,
  type ApplyOptions,
  type Chosen,
  type ClassifierQuestion,
  type Subjects,
} from '../features/index.ts';
import type { Stores } from '../stores.ts';
import { currentTerms, keptClassifier, type KeptClassifier, type Learned } from '../training/index.ts';
import { chooseChanged, knownUntil, rewritten, standingOf, type Standing } from './changed.ts';
import { insertable, reasonsOf } from './reasons.ts';
import { finishShadow, openShadow, tellShadow, type ShadowOfRun } from './shadow.ts';
import { count, driftOf, emptyTally, type Tally } from './tally.ts';

interface Run {
  stores: Stores;
  scenario: ClassifierQuestion;
  champion: ReadableChampion;
  shadow: ShadowOfRun | undefined;
  asOf: Milliseconds;
  scoredAt: Milliseconds;
  /** Probability from which somebody is chosen: by the settings of today, not by those of the training. */
  threshold: number;
  /** Where the scores stood, for a run over those only who changed. */
  partial: Standing | undefined;
  exclude: readonly string[];
}

/** Rows worked on and inserted at a time: some megabytes. */
const CHUNK = 10_000;

/**
 * Scores every subject with the champion, as of the data's own now, a chunk at a time: memory does not grow with the
 * customers. Readers see the run when its last row is in, never half of it. With `changed`, only those of whom something
 * new is known since the last run are scored, and the others' scores stay; everybody is scored after all when there was
 * no run of the champion yet, when history was brought in or merges changed, or when a third of the customers changed.
 *
 * @throws AppError `scenario.no_champion` when no version was promoted yet, `scenario.bad_version` when it cannot be read
 * @example
 * const { scored, chosen } = await scoreWithClassifier(stores, question, { changed: true });
 */
export async function scoreWithClassifier(
  stores: Stores,
  scenario: ClassifierQuestion,
  { exclude = [], changed = false }: ApplyOptions = {},
  work: Work = {},
): Promise<Applied> {
  const champion = await championInUse(stores, scenario);
  const asOf = await dataMoment(stores);
  const scoredAt = await nextScoredAt(stores, scenario.name);
  const threshold = (await currentTerms(stores))?.threshold ?? champion.card.threshold;
  const known = { stores, scenario, champion, asOf, scoredAt, threshold, exclude };
  const run = { ...known, shadow: undefined, partial: undefined };
  if (!changed) return scoreAll(run, work);
  const choice = `${scenario.name}:${scoredAt}`;
  try {
    const partial = await partialOf(run, choice);
    return partial === undefined
      ? await scoreAll(run, work)
      : await pass({ ...run, partial }, work, { choice });
  } finally {
    await dropChoice(stores.warehouse, choice);
  }
}

async function scoreAll(run: Run, work: Work): Promise<Applied> {
  const { stores, scenario, champion } = run;
  return pass({ ...run, shadow: await openShadow(stores, scenario.name, champion, run.threshold) }, work);
}

/** Where a run over those who changed starts from; nothing where everybody is to be scored. */
async function partialOf(run: Run, choice: string): Promise<Standing | undefined> {
  const { stores, scenario, champion, asOf } = run;
  const standing = await standingOf(stores.warehouse, scenario.name);
  if (standing?.whole.version !== champion.version || (await rewritten(stores, standing))) return undefined;
  const chosen = await chooseChanged(stores.warehouse, choice, standing, asOf);
  return chosen === undefined ? undefined : standing;
}

async function pass(run: Run, work: Work, chosen?: Chosen): Promise<Applied> {
  const { stores, scenario, champion, asOf, exclude } = run;
  const tally = emptyTally(champion.learned);
  const options = { exclude, chosen, signal: work.signal };
  for await (const batch of featuresInBatches(stores.warehouse, scenario, asOf, options)) {
    for (const chunk of chunksOf(batch)) {
      await scoreChunk(run, chunk, tally);
      work.onProgress?.({ done: tally.scored, unit: 'customers', step: 'score' });
    }
  }
  await finish(run, tally, chosen);
  return { version: champion.version, as_of: asOf, scored: tally.scored, chosen: tally.chosen };
}

type ReadableChampion = KeptClassifier & { learned: Learned };

/** @throws AppError `scenario.no_champion`, `scenario.bad_version` */
export async function championInUse(
  { records }: Stores,
  { name }: Pick<ClassifierQuestion, 'name'>,
): Promise<ReadableChampion> {
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

function* chunksOf({ asOf, ids, table }: Subjects): Generator<Subjects> {
  for (let from = 0; from < ids.length; from += CHUNK) {
    const positions = Array.from({ length: Math.min(CHUNK, ids.length - from) }, (_, i) => from + i);
    yield { asOf, ids: ids.slice(from, from + CHUNK), table: rowsAt(table, positions) };
  }
}

async function scoreChunk(run: Run, subjects: Subjects, tally: Tally): Promise<void> {
  const { champion, scenario, stores, shadow } = run;
  const { ids, table } = subjects;
  const { model } = champion.learned;
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
  await stores.warehouse.insert('scores', rows, { token: `scores:${token}` });
  await keepFeatures(run, subjects, `features:${token}`);
  if (shadow) await tellShadow(stores, shadow, { ...run, token, subjects });
  tally.scored += ids.length;
  tally.chosen += rows.reduce((sum, row) => sum + Number(row.chosen), 0);
  count(tally, champion.learned, table, probability);
}

async function keepFeatures(run: Run, { ids, table }: Subjects, token: string): Promise<void> {
  const stamp = {
    scenario: run.scenario.name,
    as_of: clickhouseTime(run.asOf),
    computed_at: clickhouseTime(run.scoredAt),
  };
  const rows = ids.map((customer_id, row) => ({
    ...stamp,
    customer_id,
    names: table.names,
    values: table.columns.map(column => insertable(column[row])),
  }));
  await run.stores.warehouse.insert('features', rows, { token });
}

/** Marks the run as whole: from here on it is the one that readers take. */
async function finish(run: Run, tally: Tally, chosen: Chosen | undefined): Promise<void> {
  const { champion, scenario, stores, asOf, scoredAt, partial, shadow } = run;
  const customers = partial === undefined ? tally.scored : await customersAfter(run, chosen);
  if (shadow) await finishShadow(stores, shadow, run);
  const row = {
    scenario: scenario.name,
    version: champion.version,
    as_of: clickhouseTime(asOf),
    scored_at: clickhouseTime(scoredAt),
    known_until: clickhouseTime(await knownUntil(stores.warehouse, asOf)),
    partial: partial !== undefined,
    customers,
    // those who changed are no sample of all: they say nothing of drift
    ...(partial === undefined ? driftOf(tally, champion.learned) : {}),
  };
  await stores.warehouse.insert('score_runs', [row], { token: `score_runs:${scenario.name}:${scoredAt}` });
}

const GONE = `
INSERT INTO scores (scenario, version, as_of, scored_at, customer_id, told)
SELECT {scenario:String}, {version:UInt32}, {as_of:DateTime64(3, 'UTC')}, {scored_at:DateTime64(3, 'UTC')}, customer_id, false
FROM current_scores
WHERE scenario = {scenario:String}
    AND (customer_id IN {excluded:Array(String)}
        OR customer_id IN (SELECT customer_id FROM chosen_customers WHERE choice = {choice:String}))
    AND customer_id NOT IN
    (
        SELECT customer_id FROM scores
        WHERE scenario = {scenario:String} AND scored_at = {scored_at:DateTime64(3, 'UTC')}
    )`;

const AFTER = `
WITH
    told_before AS (SELECT customer_id FROM current_scores WHERE scenario = {scenario:String}),
    run AS
    (
        SELECT customer_id, told FROM scores FINAL
        WHERE scenario = {scenario:String} AND scored_at = {scored_at:DateTime64(3, 'UTC')}
    )
SELECT
    (SELECT count() FROM told_before) + countIf(told AND customer_id NOT IN (SELECT customer_id FROM told_before)) - countIf(NOT told) AS n
FROM run`;

/** Lets go of whom nothing may be told any more, and counts who is told of after this run. */
async function customersAfter(run: Run, chosen: Chosen | undefined): Promise<number> {
  const { stores, scenario, champion, asOf, scoredAt, exclude } = run;
  const stamp = { scenario: scenario.name, scored_at: clickhouseTime(scoredAt) };
  const choice = chosen !== undefined && 'choice' in chosen ? chosen.choice : '';
  const params = {
    ...stamp,
    version: champion.version,
    as_of: clickhouseTime(asOf),
    excluded: exclude,
    choice,
  };
  await stores.warehouse.command(GONE, params, { insert_deduplicate: 0 });
  return (await stores.warehouse.one<{ n: number }>(AFTER, stamp)).n;
}
