import { auc, boosting, logLoss, Rng, type BoostedClassifier, type Table } from '@bellwether/ml';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent } from './lib/measure.ts';
import { medians, NOT_AVAILABLE, ownRun, withPeer, type Peer, type Run } from './lib/peer.ts';

/** Rows of the comparison. */
const ROWS = Number(process.env['BENCH_ROWS'] ?? 1_000_000);
/** Counted rounds; three, not five, because one round of all four libraries on a million rows takes a minute. */
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const TEST_ROWS = 100_000;
const COLUMNS = 28;
/** Categories of the last columns, in the data with holes and categories. */
const LEVELS = [8, 30, 100, 200];
const LIBRARIES = ['LightGBM', 'XGBoost', 'scikit-learn'] as const;
const GROWTH = [10_000, 100_000, 1_000_000];

/** 100 trees of 31 leaves on 28 columns, beside three libraries from the same matrix; then by size. */
export const bench: Bench = {
  title: 'ml-boosting: 100 boosted trees of 31 leaves beside LightGBM, XGBoost hist and scikit-learn',
  run: async report => {
    for (const data of [numbers, mixed])
      for (const threads of [1, 2]) await compare(data(ROWS + TEST_ROWS), threads, report);
    await growth(report);
  },
};

interface Data {
  name: string;
  table: Table;
  target: Float32Array;
  weights: Float32Array | undefined;
  categories: number[];
}

/** Normal columns, and a target that hangs on products and bends of the first nine. */
function numbers(rows: number): Data {
  const rng = new Rng(1);
  const columns = Array.from({ length: COLUMNS }, () => filled(rows, () => rng.normal()));
  const target = filled(rows, row => {
    const [a, b, c, d, e, f, g, h, i] = columns.slice(0, 9).map(column => column[row]);
    const z = a * b + Math.sin(2 * c) + 0.5 * d - 0.5 * Math.abs(e) + 0.3 * f * g + 0.4 * Math.max(h, i);
    return Number(rng.uniform() < 1 / (1 + Math.exp(-z)));
  });
  const names = columns.map((_, j) => `x${j}`);
  return { name: 'numbers', table: { names, rows, columns }, target, weights: undefined, categories: [] };
}

/** The same with 5 % of the numbers missing, four columns of categories and weights. */
function mixed(rows: number): Data {
  const rng = new Rng(2);
  const { table, target } = numbers(rows);
  const first = COLUMNS - LEVELS.length;
  const columns = table.columns.map((column, j) =>
    j < first
      ? column.map(value => (rng.uniform() < 0.05 ? NaN : value))
      : filled(rows, () => rng.integer(LEVELS[j - first])),
  );
  const effects = LEVELS.map(levels => Float64Array.from({ length: levels }, () => rng.normal()));
  const moved = target.map((y, row) => {
    const shift = effects.reduce((sum, effect, k) => sum + effect[columns[first + k][row]], 0);
    return rng.uniform() < 0.4 ? Number(rng.uniform() < 1 / (1 + Math.exp(-shift))) : y;
  });
  const words = LEVELS.map((levels, k) => [
    `x${first + k}`,
    Array.from({ length: levels }, (_, code) => `level ${code}`),
  ]);
  return {
    name: 'with holes, categories and weights',
    table: {
      ...table,
      columns,
      dictionaries: Object.fromEntries(words) as Record<string, string[]>, // pairs of a name and its words, as mapped above
    },
    target: moved,
    weights: filled(rows, () => 0.5 + 1.5 * rng.uniform()),
    categories: LEVELS.map((_, k) => first + k),
  };
}

function filled(rows: number, value: (row: number) => number): Float32Array {
  const out = new Float32Array(rows);
  for (let row = 0; row < rows; row++) out[row] = value(row);
  return out;
}

function part({ table, target, weights, ...rest }: Data, from: number, to: number): Data {
  const columns = table.columns.map(column => column.subarray(from, to));
  return {
    ...rest,
    table: { ...table, rows: to - from, columns },
    target: target.subarray(from, to),
    weights: weights?.subarray(from, to),
  };
}

function byRow({ columns, rows }: Table): { values: Float32Array; shape: number[] } {
  const values = new Float32Array(rows * columns.length);
  columns.forEach((column, j) => {
    for (let row = 0; row < rows; row++) values[row * columns.length + j] = column[row];
  });
  return { values, shape: [rows, columns.length] };
}

function oursOn(train: Data, test: Data, threads: number): Promise<Run> {
  const judge = (model: BoostedClassifier) => {
    const p = model.predict(test.table);
    return { auc: auc(p, test.target), log_loss: logLoss(p, test.target) };
  };
  const { table, target, weights } = train;
  return ownRun(() => boosting({ loss: 'logistic' }).fit(table, target, { weights, threads }), judge);
}

async function compare(data: Data, threads: number, report: Report): Promise<void> {
  const [train, test] = [part(data, 0, ROWS), part(data, ROWS, ROWS + TEST_ROWS)];
  const arrays = {
    ...{ x: byRow(train.table), y: train.target, x_test: byRow(test.table), y_test: test.target },
    ...(train.weights && { w: train.weights }),
  };
  await withPeer('boosting', { arrays, threads }, async peer => {
    const small = part(train, 0, Math.min(ROWS, 20_000));
    for (let warm = 0; warm < 2; warm++) await oursOn(small, test, threads);
    const { ours, theirs } = await inTurns(() => oursOn(train, test, threads), peer, data.categories);
    for (const library of LIBRARIES)
      tell(`${data.name}, ${threads} thr., ${library}`, ours, theirs(library), report);
  });
}

/** Ours and each library one after the other, so often; the medians. */
async function inTurns(ours: () => Promise<Run>, peer: Peer, categories: number[]) {
  const own: Run[] = [];
  const others = new Map<string, Run[]>(LIBRARIES.map(library => [library, []]));
  for (let round = 0; round < ROUNDS; round++) {
    own.push(await ours());
    for (const library of LIBRARIES) {
      const run = await peer.run({ library, categories });
      if (run !== NOT_AVAILABLE) others.get(library)?.push(run);
    }
  }
  const theirs = (library: string) => {
    const runs = others.get(library) ?? [];
    return runs.length > 0 ? medians(runs) : undefined;
  };
  return { ours: medians(own), theirs };
}

function tell(work: string, ours: Run, theirs: Run | undefined, report: Report): void {
  const both = (name: string, digits: number): string =>
    `${ours[name].toFixed(digits)} / ${theirs?.[name].toFixed(digits) ?? NOT_AVAILABLE}`;
  report({
    work,
    ours: ours.seconds,
    ...(theirs && { peer: theirs.seconds }),
    unit: 's',
    quality: `AUC ${both('auc', 4)}, log loss ${both('log_loss', 4)}, CPU s ${both('cpu_seconds', 1)}, peak MB ${both('peak_rss_mb', 0)}`,
  });
}

/** The same work on 10,000, 100,000 and 1,000,000 rows. */
async function growth(report: Report): Promise<void> {
  const points: [rows: number, seconds: number][] = [];
  for (const rows of GROWTH) {
    const { table, target } = numbers(rows);
    const run = await ownRun(() => boosting({ loss: 'logistic' }).fit(table, target));
    points.push([rows, run.seconds]);
    report({
      work: `${rows} rows`,
      ours: run.seconds,
      unit: 's',
      quality: `CPU s ${run.cpu_seconds.toFixed(2)}`,
    });
  }
  report({ work: 'growth from 1x to 100x the rows', ours: growthExponent(points), unit: 'exponent' });
}
