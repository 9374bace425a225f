import { auc, predictForest, randomForest, Rng, treeShap, type Forest, type Table } from '@bellwether/ml';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent } from './lib/measure.ts';
import { beside, NOT_AVAILABLE, ownRun, withPeer, type Peer, type Run } from './lib/peer.ts';

const COLUMNS = 20;
const ROWS = 1_000_000;
const TRAIN = 100_000;
const LATER = 50_000;
const TREES = 100;
const LEAVES = 31;
const EXPLAINED = 10_000;
const ROUNDS = 3;

/** Trees grown to the end on rows drawn from 100,000; then prediction and explanation by trees of boosting's size. */
export const bench: Bench = {
  title:
    'ml-forest: random forest beside scikit-learn; prediction and Shapley values of trees beside LightGBM',
  run: async report => {
    const data = madeRows();
    const small = await randomForest({ trees: TREES, leaves: LEAVES }).fit(
      tableOf(data, 0, TRAIN),
      data.y.subarray(0, TRAIN),
    );
    for (const threads of [1, 2]) {
      const arrays = { x: { values: data.values, shape: [COLUMNS, ROWS] }, y: data.y };
      await withPeer('forest', { arrays, threads }, async peer => {
        const given = { data, forest: small.forest, peer, threads, report };
        await grown(given);
        await rates(given, 'predict', ROWS, () =>
          predictForest(small.forest, tableOf(data, 0, ROWS), { threads }),
        );
        await rates(given, 'explain', EXPLAINED, () =>
          treeShap(small.forest, tableOf(data, 0, EXPLAINED), { threads }),
        );
      });
    }
    await growth(data, report);
  },
};

interface Data {
  /** Column after column. */
  values: Float32Array;
  y: Float32Array;
}

interface Comparison {
  data: Data;
  forest: Forest;
  peer: Peer;
  threads: number;
  report: Report;
}

/** A target that hangs on five of the columns, on two of them together, and on chance. */
function madeRows(): Data {
  const rng = new Rng(1);
  const values = Float32Array.from({ length: ROWS * COLUMNS }, () => rng.normal());
  const y = Float32Array.from({ length: ROWS }, (_, row) => {
    const [a, b, c, d, e] = [0, 1, 2, 3, 4].map(j => values[j * ROWS + row]);
    const odds = a + b * c - Math.abs(d) + Math.sin(3 * e);
    return Number(rng.uniform() < 1 / (1 + Math.exp(-2 * odds)));
  });
  return { values, y };
}

function tableOf({ values }: Data, from: number, to: number): Table {
  const columns = Array.from({ length: COLUMNS }, (_, j) => values.subarray(j * ROWS + from, j * ROWS + to));
  return { names: columns.map((_, j) => `x${j}`), rows: to - from, columns };
}

function fitted(data: Data, rows: number, trees: number, threads: number): Promise<Run> {
  const later = tableOf(data, ROWS - LATER, ROWS);
  return ownRun(
    () => randomForest({ trees }).fit(tableOf(data, 0, rows), data.y.subarray(0, rows), { threads }),
    model => ({ auc: auc(model.predict(later), data.y.subarray(ROWS - LATER)) }),
  );
}

/** One run of each: the peer takes a minute or two. A small one before it warms both. */
async function grown({ data, peer, threads, report }: Comparison): Promise<void> {
  const asked = { work: 'forest', later: LATER };
  await fitted(data, 5_000, 10, threads);
  await peer.run({ ...asked, rows: 5_000, trees: 10 });
  const ours = await fitted(data, TRAIN, TREES, threads);
  const theirs = await peer.run({ ...asked, rows: TRAIN, trees: TREES });
  const known = theirs === NOT_AVAILABLE ? undefined : theirs;
  const told = ({ auc: area, peak_rss_mb }: Run): string =>
    `AUC ${area.toFixed(4)}, ${Math.round(peak_rss_mb)} MB`;
  report({
    work: `random forest, ${TRAIN} x ${COLUMNS}, ${TREES} trees, ${named(threads)}`,
    ours: ours.seconds,
    ...(known && { peer: known.seconds }),
    unit: 's',
    quality: `${told(ours)}; peer ${known ? told(known) : NOT_AVAILABLE}`,
  });
  report({
    work: '  processor',
    ours: ours.cpu_seconds,
    ...(known && { peer: known.cpu_seconds }),
    unit: 's',
  });
}

function named(threads: number): string {
  return `${threads} thread${threads > 1 ? 's' : ''}`;
}

async function rates(
  { peer, threads, report }: Comparison,
  work: 'predict' | 'explain',
  rows: number,
  ours: () => unknown,
): Promise<void> {
  const asked = { work, rows, trees: TREES, leaves: LEAVES, train: TRAIN };
  const both = await beside(
    ROUNDS,
    () => ownRun(ours),
    () => peer.run(asked),
  );
  const known = both.theirs === NOT_AVAILABLE ? undefined : both.theirs;
  report({
    work: `${work} ${rows} rows, ${TREES} trees of ${LEAVES} leaves, ${named(threads)}`,
    ours: rows / both.ours.seconds,
    ...(known && { peer: rows / known.seconds }),
    unit: 'rows/s',
    quality: 'trees of the same size, each library its own',
  });
}

async function growth(data: Data, report: Report): Promise<void> {
  const points: [rows: number, seconds: number][] = [];
  for (const rows of [5_000, 50_000, 500_000]) {
    const { cpu_seconds } = await fitted(data, rows, 10, 1);
    points.push([rows, cpu_seconds]);
    report({
      work: `random forest, ${rows} x ${COLUMNS}, 10 trees, 1 thread, processor`,
      ours: cpu_seconds,
      unit: 's',
    });
  }
  report({ work: 'growth from 1x to 100x the rows', ours: growthExponent(points), unit: 'exponent' });
}
