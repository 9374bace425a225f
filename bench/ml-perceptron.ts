import { auc, perceptron, Rng, type PerceptronClassifier, type Table } from '@bellwether/ml';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent } from './lib/measure.ts';
import { beside, NOT_AVAILABLE, ownRun, withPeer, type Run } from './lib/peer.ts';

const COLUMNS = 50;
const UNITS = 100;
const BATCH = 200;
/** scikit-learn's own; beside the summed loss of a batch, where ours is beside its mean. */
const ALPHA = 1e-4;
const TEST_ROWS = 20_000;
const SIZES = [1_000, 10_000, 100_000];
const EPOCHS = 10;
const ROUNDS = 3;

/** A perceptron of 100 ReLU units under Adam, as many epochs on both sides, beside scikit-learn's. */
export const bench: Bench = {
  title: `ml-perceptron: ${COLUMNS}-${UNITS}-1, Adam, ${EPOCHS} epochs in batches of ${BATCH}, beside scikit-learn`,
  run: async report => {
    for (const threads of [1, 2]) await compared(SIZES.at(-1) ?? 0, threads, report);
    await growth(report);
  },
};

interface Rows {
  table: Table;
  target: Float32Array;
}

/** Rows whose class depends on products and on single columns, with noise. */
function made(rows: number, seed: number): Rows {
  const rng = new Rng(seed);
  const columns = Array.from({ length: COLUMNS }, () =>
    Float32Array.from({ length: rows }, () => rng.normal()),
  );
  const target = Float32Array.from({ length: rows }, (_, i) => {
    let odds = 0;
    for (let j = 0; j < 10; j++) odds += 0.4 * columns[j][i] + 0.6 * columns[j][i] * columns[j + 10][i];
    return Number(rng.uniform() < 1 / (1 + Math.exp(-odds)));
  });
  return { table: { names: columns.map((_, j) => `x${j}`), rows, columns }, target };
}

function byRow({ columns, rows }: Table): { values: Float32Array; shape: number[] } {
  const values = new Float32Array(rows * COLUMNS);
  columns.forEach((column, j) => column.forEach((value, i) => (values[i * COLUMNS + j] = value)));
  return { values, shape: [rows, COLUMNS] };
}

function fitted(train: Rows, threads: number): Promise<PerceptronClassifier> {
  const shape = { layers: [{ units: UNITS }], epochs: EPOCHS, batch: BATCH, l2: ALPHA / BATCH };
  return perceptron(shape).fit(train.table, train.target, { rng: new Rng(1), threads });
}

function ours(train: Rows, test: Rows, threads: number): Promise<Run> {
  return ownRun(
    () => fitted(train, threads),
    model => ({ auc: auc(model.predict(test.table), test.target) }),
  );
}

async function compared(rows: number, threads: number, report: Report): Promise<void> {
  const [train, test] = [made(rows, 1), made(TEST_ROWS, 2)];
  const arrays = {
    ...{ x: byRow(train.table), y: Uint8Array.from(train.target) },
    ...{ x_test: byRow(test.table), y_test: Uint8Array.from(test.target) },
  };
  await withPeer('perceptron', { arrays, threads }, async peer => {
    const both = await beside(
      ROUNDS,
      () => ours(train, test, threads),
      () => peer.run({ units: UNITS, epochs: EPOCHS, alpha: ALPHA }),
    );
    const work = `${rows} rows, ${threads === 1 ? '1 thread' : `${threads} threads`}`;
    figures(work, both.ours, both.theirs, report);
  });
}

function figures(work: string, own: Run, theirs: Run | typeof NOT_AVAILABLE, report: Report): void {
  const peer = theirs === NOT_AVAILABLE ? undefined : theirs;
  const told = (run: Run): string => `AUC ${run['auc']?.toFixed(4)}, ${run.peak_rss_mb.toFixed(0)} MB`;
  const quality = peer ? `${told(own)}; peer ${told(peer)}` : `${told(own)}; peer not available`;
  report({ work, ours: own.seconds, ...(peer && { peer: peer.seconds }), unit: 's', quality });
  report({
    ...{ work: `${work}, processor time`, ours: own.cpu_seconds, unit: 's' },
    ...(peer && { peer: peer.cpu_seconds }),
  });
}

async function growth(report: Report): Promise<void> {
  const test = made(2_000, 2);
  const points: [rows: number, seconds: number][] = [];
  for (const rows of SIZES) {
    const train = made(rows, 1);
    const { ours: own } = await beside(
      ROUNDS,
      () => ours(train, test, 1),
      () => Promise.resolve(NOT_AVAILABLE),
    );
    points.push([rows, own.cpu_seconds]);
    report({ work: `${rows} rows, 1 thread, growth`, ours: own.cpu_seconds, unit: 's of processor' });
  }
  report({ work: 'growth from 1x to 100x the rows', ours: growthExponent(points), unit: 'exponent' });
}
