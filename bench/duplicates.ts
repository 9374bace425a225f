import { findDuplicates } from '@bellwether/pipeline';
import { SteppedClock } from '@bellwether/contracts';
import { sql } from '@bellwether/records';
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent, seconds } from './lib/measure.ts';
import { withStores, type BenchStores } from './lib/stores.ts';
import { madeCustomers, type Made } from './duplicates/made.ts';

const SIZES = (process.env['DUPLICATES_SIZES'] ?? '10000,100000,1000000').split(',').map(Number);
/** The largest size that the peer is given. */
const PEER_UP_TO = 100_000;
const THRESHOLDS = [0.5, 0.9, 0.99];

/** Likely duplicates among made customers whose truth is known, as the shop grows, beside splink on the same records. */
export const bench: Bench = {
  title: 'duplicates: found without labels among customers of known truth, beside splink on DuckDB',
  run: report =>
    withStores(async stores => {
      const points: [size: number, seconds: number][] = [];
      for (const size of SIZES) {
        const truth = await fill(stores, size);
        const spent = await ours(stores, size, truth, report);
        points.push([size, spent]);
        if (size <= PEER_UP_TO) await peer(stores, size, truth, spent, report);
      }
      if (points.length > 1)
        report({ work: 'growth of the time', ours: growthExponent(points), unit: 'exponent' });
    }),
};

type Truth = ReadonlyMap<string, number>;

async function fill({ warehouse, folder }: BenchStores, size: number): Promise<Truth> {
  await warehouse.command('TRUNCATE TABLE customers');
  const truth = new Map<string, number>();
  const file = createWriteStream(join(folder, 'customers.jsonl'));
  let block: string[] = [];
  let sent = 0;
  const send = async (): Promise<void> => {
    const rows = block.join('\n');
    block = [];
    await warehouse.insert('customers', rows, { token: `made:${size}:${sent++}` });
    if (!file.write(`${rows}\n`)) await once(file, 'drain');
  };
  for (const made of madeCustomers(size)) {
    const { person, ...row } = made satisfies Made;
    truth.set(row.customer_id, person);
    if (block.push(JSON.stringify(row)) >= 50_000) await send();
  }
  if (block.length > 0) await send();
  file.end();
  await once(file, 'close');
  return truth;
}

async function ours(stores: BenchStores, size: number, truth: Truth, report: Report): Promise<number> {
  const clock = new SteppedClock(Date.UTC(2026, 0, 1) + size);
  let compared = 0;
  const spent = await seconds(async () => {
    ({ compared } = await findDuplicates({ ...stores, clock }));
  });
  report({ work: `find among ${size}`, ours: spent, unit: 's', quality: `${compared} pairs compared` });
  const pairs = await stores.records
    .selectFrom('duplicate_pairs')
    .select(['left_id', 'right_id', 'probability'])
    .where('state', '=', 'open')
    .execute();
  for (const threshold of THRESHOLDS) {
    const chosen = pairs.filter(pair => pair.probability >= threshold);
    const quality = judged(
      chosen.map(({ left_id, right_id }) => [left_id, right_id]),
      truth,
    );
    report({
      work: `F1 among ${size} at ${threshold}`,
      ours: quality.f1,
      unit: 'F1',
      quality: quality.words,
    });
  }
  await sql`TRUNCATE duplicate_pairs, duplicate_runs`.execute(stores.records);
  return spent;
}

/** Precision and recall of pairs, of all pairs that are one person, also those that no key put beside each other. */
function judged(pairs: readonly (readonly [string, string])[], truth: Truth): { f1: number; words: string } {
  const sizes = new Map<number, number>();
  for (const person of truth.values()) sizes.set(person, (sizes.get(person) ?? 0) + 1);
  let all = 0;
  for (const n of sizes.values()) all += (n * (n - 1)) / 2;
  const right = pairs.filter(([a, b]) => truth.get(a) === truth.get(b)).length;
  const [precision, recall] = [right / Math.max(1, pairs.length), right / Math.max(1, all)];
  const f1 = (2 * precision * recall) / Math.max(1e-9, precision + recall);
  const share = (value: number): string => value.toFixed(4);
  return { f1, words: `precision ${share(precision)}, recall ${share(recall)}, ${pairs.length} pairs` };
}

/** splink with its own comparisons and estimates, on the same blocking keys where it can say them. */
async function peer(
  { folder }: BenchStores,
  size: number,
  truth: Truth,
  spent: number,
  report: Report,
): Promise<void> {
  const script = fileURLToPath(new URL('duplicates/peer.py', import.meta.url));
  const python = process.env['BENCH_PYTHON'] ?? 'python3';
  try {
    const { stdout } = await promisify(execFile)(python, [script, join(folder, 'customers.jsonl')], {
      maxBuffer: 1e9,
    });
    // peer.py prints one JSON object and nothing else on its last line
    const told = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as {
      seconds: number;
      pairs: [string, string, number][];
    };
    report({ work: `find among ${size}, beside splink`, ours: spent, peer: told.seconds, unit: 's' });
    for (const threshold of THRESHOLDS) {
      const chosen = told.pairs.filter(([, , p]) => p >= threshold);
      const quality = judged(
        chosen.map(([a, b]) => [a, b]),
        truth,
      );
      report({
        work: `F1 of splink among ${size} at ${threshold}`,
        ours: quality.f1,
        unit: 'F1',
        quality: quality.words,
      });
    }
  } catch (error) {
    const sentence = error instanceof Error ? (error.message.split('\n').at(-2) ?? error.message) : '';
    report({
      work: `splink among ${size}`,
      ours: Number.NaN,
      unit: 's',
      quality: `not available: ${sentence}`,
    });
  }
}
