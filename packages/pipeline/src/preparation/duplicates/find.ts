import type { DuplicateRun, Work } from '@bellwether/contracts';
import type { Records } from '@bellwether/records';
import { sqlBeside, type Warehouse } from '@bellwether/warehouse';
import { randomUUID } from 'node:crypto';
import type { Stores } from '../../stores.ts';
import { BOUNDED } from '../scratch.ts';
import { fill } from '../sql.ts';
import { bitsOf, estimate, priorBits, probabilityOf, type Estimates, type FieldPrior } from './em.ts';
import { BLOCKINGS, FIELDS, levelsOf, type Blocking } from './fields.ts';
import { alone, dropTables, makeTables } from './scratch.ts';
import { LONG_FAMILY_NAMES, pinyinSql } from './pinyin.ts';
import { keepPairs, type Found } from './queue.ts';

const CANDIDATES = sqlBeside(import.meta.url, 'candidates.sql');
const BLOCKS = sqlBeside(import.meta.url, 'blocks.sql');
const PAIRS = sqlBeside(import.meta.url, 'pairs.sql');
const CENSUS = sqlBeside(import.meta.url, 'census.sql');
const LONG_NAMES = `['${LONG_FAMILY_NAMES.join("', '")}']`;
const PEOPLE = fill(sqlBeside(import.meta.url, 'people.sql'), {
  long_names: LONG_NAMES,
  family: pinyinSql('leftUTF8(han, family)'),
  given: pinyinSql('substringUTF8(han, family + 1)'),
});

/** A value that more customers than this share is no key. */
const MOST_IN_BLOCK = 30;
/** Pairs picked at random, from which chance agreement is estimated. */
const RANDOM_PAIRS = 200_000;
/** Pairs compared between two looks at the clock. */
const BATCH = 2_000_000;
/** More pairs than a person can look at; the surest are kept. */
const MOST_PAIRS = 200_000;
/** From here on two customers are rather one person than two. */
const THRESHOLD = 0.5;
/** Names that at most so many share are rare, and known. */
const NAMES = { rare: 3, known: 50 };

export interface FindOptions {
  /** Least probability of a pair that is proposed. */
  threshold?: number;
}

/**
 * Looks for customers who are probably one person, over all customers: puts those who share a key beside each other,
 * compares them field by field, learns without labels what agreement is worth, and proposes what is likelier than not.
 * Nobody is merged by this: a person decides, and is not asked about the same pair twice. Candidates and comparisons
 * stay in the warehouse; only patterns and their counts are read.
 *
 * @example
 * const { proposed } = await findDuplicates(stores, {}, { onProgress: draw });
 */
export async function findDuplicates(
  stores: Stores,
  { threshold = THRESHOLD }: FindOptions = {},
  work: Work = {},
): Promise<DuplicateRun> {
  const { warehouse, records, clock } = stores;
  return alone(records, async () => {
    await makeTables(warehouse);
    try {
      const started = performance.now();
      const learned = await compareAndLearn(warehouse, work);
      const found = await foundPairs(warehouse, learned.estimates, threshold, work);
      const run: DuplicateRun = {
        id: `dup_${randomUUID()}`,
        at: new Date(clock.now()).toISOString(),
        ...reportOf(learned),
        threshold,
        proposed: found.length,
        seconds: (performance.now() - started) / 1000,
      };
      await keepPairs(records, run, found, work);
      return run;
    } finally {
      await dropTables(warehouse);
    }
  });
}

/** The runs kept, newest first. */
export async function duplicateRuns(records: Records, limit = 50): Promise<DuplicateRun[]> {
  const rows = await records
    .selectFrom('duplicate_runs')
    .select('report')
    .orderBy('at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(row => row.report);
}

interface Learned {
  customers: number;
  compared: number;
  expected: number;
  blocks: DuplicateRun['blocks'];
  estimates: Estimates;
}

async function compareAndLearn(warehouse: Warehouse, work: Work): Promise<Learned> {
  tell(work, 0, 'duplicates.read');
  await warehouse.command(PEOPLE, {}, BOUNDED, work.signal);
  const { customers } = await warehouse.one<{ customers: number }>(
    'SELECT count() AS customers FROM duplicates_people',
  );
  const blocks: DuplicateRun['blocks'] = [];
  for (const [n, key] of BLOCKINGS.entries()) {
    tell(work, 0.1 + (0.3 * n) / BLOCKINGS.length, 'duplicates.block');
    blocks.push(await block(warehouse, key, work));
  }
  await compare(warehouse, customers, work);
  tell(work, 0.8, 'duplicates.learn');
  const patterns = await warehouse.query<{ pattern: number; pairs: number }>(
    'SELECT pattern, count() AS pairs FROM duplicates_compared GROUP BY pattern',
  );
  const told = patterns.map(({ pattern, pairs }) => ({ levels: levelsOf(pattern), pairs }));
  const allPairs = Math.max(1, (customers * (customers - 1)) / 2);
  const estimates = estimate(told, allPairs, await priors(warehouse, customers, work));
  const expected = told.reduce((sum, { levels, pairs }) => sum + pairs * probabilityOf(levels, estimates), 0);
  const compared = told.reduce((sum, { pairs }) => sum + pairs, 0);
  return { customers, compared, expected, blocks, estimates };
}

async function block(
  warehouse: Warehouse,
  { name, words, key }: Blocking,
  { signal }: Work,
): Promise<DuplicateRun['blocks'][number]> {
  const params = { block: MOST_IN_BLOCK };
  const slots = { key, block_and_one: String(MOST_IN_BLOCK + 1) };
  await warehouse.command(fill(CANDIDATES, slots), params, BOUNDED, signal);
  const counted = await warehouse.one<{ blocks: number; pairs: number; too_common: number }>(
    fill(BLOCKS, slots),
    params,
  );
  return { key: name, words, ...counted };
}

async function compare(warehouse: Warehouse, customers: number, work: Work): Promise<void> {
  const { candidates } = await warehouse.one<{ candidates: number }>(
    'SELECT count() AS candidates FROM duplicates_candidates',
  );
  const batches = Math.max(1, Math.ceil(candidates / BATCH));
  const pairs = `SELECT left, right FROM duplicates_candidates
    WHERE left >= {from:UInt32} AND left < {to:UInt32} GROUP BY left, right`;
  for (let batch = 0; batch < batches; batch++) {
    tell(work, 0.4 + (0.4 * batch) / batches, 'duplicates.compare');
    const from = Math.floor((customers * batch) / batches);
    const to = Math.floor((customers * (batch + 1)) / batches);
    await warehouse.command(
      `INSERT INTO duplicates_compared ${fill(PAIRS, { pairs })}`,
      { ...NAMES, from, to },
      BOUNDED,
      work.signal,
    );
  }
}

/** What two records picked at random have in common: counted where it is rare, else from a sample of pairs. */
async function priors(warehouse: Warehouse, customers: number, work: Work): Promise<FieldPrior[]> {
  const counted = await warehouse.query<{ field: string; level: string; pairs: number; of: number }>(
    CENSUS,
    NAMES,
  );
  const random = await randomLevels(warehouse, customers, work);
  return FIELDS.map(({ name, levels, shared = 0, isGiven = false }, f) => {
    const seen = random[f].reduce((sum, count) => sum + count, 0);
    const few = { floor: shared / Math.max(2, customers), weight: 5 * Math.max(2, customers) };
    return {
      m: levels.map(level => level.m),
      isGiven,
      // a few pairs that nobody saw, so that what a sample did not show is rare and not impossible
      random: levels.map(
        (_, level) => (random[f][level] + unseen(level, levels.length)) / (seen + levels.length * UNSEEN + 1),
      ),
      counted: levels.map(level => {
        const row = counted.find(each => each.field === name && each.level === level.name);
        return row === undefined ? undefined : { pairs: row.pairs, of: row.of, ...few };
      }),
    };
  });
}

const UNSEEN = 0.1;

/** The last level, by which two people mostly stand, has one more. */
const unseen = (level: number, levels: number): number => UNSEEN + Number(level === levels - 1);

/** How many random pairs stand at each level, by field. */
async function randomLevels(warehouse: Warehouse, customers: number, { signal }: Work): Promise<number[][]> {
  const counts = FIELDS.map(({ levels }) => levels.map(() => 0));
  if (customers < 2) return counts;
  const pairs = `SELECT toUInt32(cityHash64(number, 'left') % {customers:UInt32}) AS left,
      toUInt32(cityHash64(number, 'right') % {customers:UInt32}) AS right
    FROM numbers({pairs:UInt32}) WHERE left != right`;
  const params = { ...NAMES, customers, pairs: Math.min(RANDOM_PAIRS, customers * 50) };
  const rows = await warehouse.query<{ pattern: number; pairs: number }>(
    `SELECT pattern, count() AS pairs FROM (${fill(PAIRS, { pairs })}) GROUP BY pattern`,
    params,
    signal,
  );
  for (const { pattern, pairs: n } of rows)
    for (const [f, level] of levelsOf(pattern).entries()) if (level > 0) counts[f][level - 1] += n;
  return counts;
}

async function foundPairs(
  warehouse: Warehouse,
  estimates: Estimates,
  threshold: number,
  work: Work,
): Promise<Found[]> {
  tell(work, 0.9, 'duplicates.propose');
  const patterns = await warehouse.query<{ pattern: number }>(
    'SELECT DISTINCT pattern FROM duplicates_compared',
  );
  const likely = patterns
    .map(({ pattern }) => ({ pattern, probability: probabilityOf(levelsOf(pattern), estimates) }))
    .filter(({ probability }) => probability >= threshold)
    .sort((a, b) => b.probability - a.probability);
  if (likely.length === 0) return [];
  const rows = await warehouse.query<{ left: string; right: string; pattern: number }>(
    `SELECT a.customer_id AS left, b.customer_id AS right, pattern FROM duplicates_compared AS pair
    INNER JOIN duplicates_people AS a ON a.n = pair.left INNER JOIN duplicates_people AS b ON b.n = pair.right
    WHERE pattern IN {patterns:Array(UInt32)}
    ORDER BY indexOf({patterns:Array(UInt32)}, pattern), left, right LIMIT {limit:UInt32}`,
    { patterns: likely.map(({ pattern }) => pattern), limit: MOST_PAIRS },
    work.signal,
  );
  const prior = priorBits(estimates.share);
  return rows.map(({ left, right, pattern }) => {
    const levels = levelsOf(pattern);
    return {
      ...(left < right ? { left, right } : { left: right, right: left }),
      levels,
      bits: bitsOf(levels, estimates),
      prior_bits: prior,
      probability: probabilityOf(levels, estimates),
    };
  });
}

function reportOf({ estimates: { share, m, u }, ...counts }: Learned) {
  const fields = FIELDS.map(({ name, words, levels }, f) => ({
    field: name,
    words,
    levels: levels.map((level, l) => ({
      level: level.name,
      words: level.words,
      m: m[f][l],
      u: u[f][l],
      bits: Math.log2(m[f][l] / u[f][l]),
    })),
  }));
  return { ...counts, share, fields };
}

function tell(work: Work, done: number, step: string): void {
  work.signal?.throwIfAborted();
  work.onProgress?.({ done: Math.round(done * 100), total: 100, unit: '%', step });
}
