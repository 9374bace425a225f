import { DAY } from '@bellwether/contracts';
import { logistic, logLoss, Rng, type Table } from '@bellwether/ml';
import { featuresInBatches } from '@bellwether/pipeline';
import { purchasePrediction } from '@bellwether/scenarios';
import { sqlBeside, type Warehouse } from '@bellwether/warehouse';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent, median, seconds } from './lib/measure.ts';
import { withStores } from './lib/stores.ts';

const MADE_LINES = sqlBeside(import.meta.url, 'features.sql');
const NOW = Date.UTC(2026, 0, 1);
const SIZES = [32_000, 320_000, 3_200_000];
const ROUNDS = 3;

/** What a scenario's features cost as the shop grows, and what learning from them costs beside scikit-learn. */
export const bench: Bench = {
  title: 'features: purchase-prediction as of a moment, and its logistic regression beside scikit-learn',
  run: report =>
    withStores(async ({ warehouse, folder }) => {
      await growth(warehouse, report);
      for (const rows of [10_000, 100_000]) await fit(folder, rows, report);
    }),
};

async function growth(warehouse: Warehouse, report: Report): Promise<void> {
  const points: [lines: number, seconds: number][] = [];
  for (const lines of SIZES) {
    await warehouse.command('TRUNCATE TABLE prepared_order_lines');
    await warehouse.command(MADE_LINES, { lines });
    const { times, customers } = await measured(() => readAll(warehouse));
    points.push([lines, median(times)]);
    report({
      work: `features of ${lines} lines`,
      ours: median(times),
      unit: 's',
      quality: `${customers} customers`,
    });
  }
  report({ work: 'growth from 1x to 100x the lines', ours: growthExponent(points), unit: 'exponent' });
}

async function measured(work: () => Promise<number>): Promise<{ times: number[]; customers: number }> {
  const times: number[] = [];
  let customers = 0;
  for (let round = 0; round < ROUNDS; round++)
    times.push(
      await seconds(async () => {
        customers = await work();
      }),
    );
  return { times, customers };
}

async function readAll(warehouse: Warehouse): Promise<number> {
  let customers = 0;
  for await (const { ids } of featuresInBatches(warehouse, purchasePrediction, NOW - DAY))
    customers += ids.length;
  return customers;
}

const COLUMNS = 26;

/** The same rows, penalty and tolerance; both on one thread. */
async function fit(folder: string, rows: number, report: Report): Promise<void> {
  const { table, target } = madeRows(rows);
  const [ours, theirs, losses]: [number[], number[], string[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(
      await seconds(async () => {
        const model = await logistic({ l2: 1, tolerance: 1e-6, maxIterations: 1000 }).fit(table, target);
        losses[0] = logLoss(model.predict(table), target).toFixed(6);
      }),
    );
    const peer = await sklearn(folder, table, target);
    if (peer === undefined) continue;
    theirs.push(peer.seconds);
    losses[1] = peer.log_loss.toFixed(6);
  }
  report({
    work: `logistic regression, ${rows} x ${COLUMNS}, covariance with ours`,
    ours: median(ours),
    ...(theirs.length > 0 ? { peer: median(theirs) } : {}),
    unit: 's',
    quality: losses[1]
      ? `log loss ${losses[0]}, peer ${losses[1]}`
      : `log loss ${losses[0]}; peer not available`,
  });
}

function madeRows(rows: number): { table: Table; target: Float32Array } {
  const rng = new Rng(1);
  const columns = Array.from({ length: COLUMNS }, () =>
    Float32Array.from({ length: rows }, () => rng.normal()),
  );
  const weights = columns.map(() => 0.5 * rng.normal());
  const target = Float32Array.from({ length: rows }, (_, row) => {
    const odds = columns.reduce((sum, column, j) => sum + weights[j] * column[row], -1);
    return Number(rng.uniform() < 1 / (1 + Math.exp(-odds)));
  });
  return { table: { names: columns.map((_, j) => `x${j}`), rows, columns }, target };
}

/** Nothing where python3 with scikit-learn is not on this machine; BENCH_PYTHON may name another interpreter. */
async function sklearn(
  folder: string,
  { columns, rows }: Table,
  target: Float32Array,
): Promise<{ seconds: number; log_loss: number } | undefined> {
  const file = join(folder, 'matrix.f32');
  const parts = [...columns, target].map(column =>
    Buffer.from(column.buffer, column.byteOffset, column.byteLength),
  );
  await writeFile(file, Buffer.concat(parts));
  const script = fileURLToPath(new URL('features/peer.py', import.meta.url));
  const python = process.env['BENCH_PYTHON'] ?? 'python3';
  try {
    const { stdout } = await promisify(execFile)(python, [
      script,
      file,
      String(rows),
      String(columns.length),
      '1',
    ]);
    return JSON.parse(stdout) as { seconds: number; log_loss: number }; // what the script beside this file prints
  } catch {
    return undefined;
  }
}
