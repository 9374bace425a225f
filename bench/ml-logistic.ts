import {
  linear,
  logistic,
  Rng,
  softmax,
  type Convergence,
  type Estimator,
  type Model,
  type Table,
} from '@bellwether/ml';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent, median } from './lib/measure.ts';
import { beside, NOT_AVAILABLE, ownRun, withPeer, type Peer, type Run } from './lib/peer.ts';

const ROWS = 1_000_000;
const COLUMNS = 50;
const CLASSES = 5;
const SOFTMAX_ROWS = 200_000;
const ROUNDS = 5;
const L2 = 1;
/** Of the gradient per row: both end within 1e-6 of the same objective. */
const TOLERANCE = 1e-5;

/** Regression by cross products and by L-BFGS: the same rows, penalty and optimum. */
export const bench: Bench = {
  title: `ml-logistic: logistic, softmax and ridge regression on dense rows beside scikit-learn`,
  run: async report => {
    const data = madeRows();
    await onThreads(
      data,
      async given => {
        await compare(given, 'logistic', ROWS, 'like scale');
        await compare(given, 'softmax', SOFTMAX_ROWS, 'like scale');
        await compare(given, 'ridge', ROWS, 'like scale');
      },
      report,
    );
    await growth(data, report);
    stretch(data);
    await onThreads(data, given => compare(given, 'logistic', ROWS, 'unlike scale'), report);
  },
};

interface Data {
  /** Column after column. */
  values: Float32Array;
  binary: Float32Array;
  label: Float32Array;
  amount: Float32Array;
}

/** Correlated columns, and a target of each kind that depends on all of them. */
function madeRows(): Data {
  const rng = new Rng(1);
  const values = new Float32Array(ROWS * COLUMNS);
  const [binary, label, amount] = [0, 0, 0].map(() => new Float32Array(ROWS)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ]; // three, as written
  const weights = Float64Array.from({ length: COLUMNS }, () => 0.25 * rng.normal());
  for (let row = 0; row < ROWS; row++) {
    const common = 0.5 * rng.normal();
    let z = -1;
    for (let j = 0; j < COLUMNS; j++) {
      const value = Math.fround(common + rng.normal());
      values[j * ROWS + row] = value;
      z += weights[j] * value;
    }
    binary[row] = Number(rng.uniform() < 1 / (1 + Math.exp(-z)));
    amount[row] = z + rng.normal();
    label[row] = Math.max(0, Math.min(CLASSES - 1, Math.floor(amount[row] + CLASSES / 2)));
  }
  return { values, binary, label, amount };
}

function tableOf({ values }: Data, rows: number): Table {
  const columns = Array.from({ length: COLUMNS }, (_, j) => values.subarray(j * ROWS, j * ROWS + rows));
  return { names: columns.map((_, j) => `x${j}`), rows, columns };
}

interface Comparison {
  data: Data;
  peer: Peer;
  threads: number;
  report: Report;
}

type Method = 'logistic' | 'softmax' | 'ridge';
type Fitted = Model & { convergence: Convergence };

const TARGETS = { logistic: 'binary', softmax: 'label', ridge: 'amount' } as const;

function estimatorOf(method: Method): Estimator<Fitted> {
  if (method === 'ridge') return linear({ l2: L2 });
  const parameters = { l2: L2, tolerance: TOLERANCE };
  return method === 'logistic' ? logistic(parameters) : softmax(parameters);
}

/** The same comparison with one thread and with two, each beside a peer of its own. */
async function onThreads(
  data: Data,
  use: (given: Comparison) => Promise<void>,
  report: Report,
): Promise<void> {
  for (const threads of [1, 2]) {
    const x = { values: data.values, shape: [COLUMNS, ROWS] };
    const arrays = { x, binary: data.binary, label: data.label, amount: data.amount };
    await withPeer('logistic', { arrays, threads }, peer => use({ data, peer, threads, report }));
  }
}

/** Columns as tables have them: amounts beside counts beside shares, their deviations a factor e apart at a time. */
function stretch({ values }: Data): void {
  const rng = new Rng(2);
  for (let j = 0; j < COLUMNS; j++) {
    const scale = Math.exp(rng.normal());
    for (let at = j * ROWS; at < (j + 1) * ROWS; at++) values[at] = values[at] * scale;
  }
}

async function compare(given: Comparison, method: Method, rows: number, columns: string): Promise<void> {
  const { data, peer, threads, report } = given;
  const { ours, theirs } = await beside(
    ROUNDS,
    () => fitted(data, method, rows, threads),
    () => peer.run({ model: method, rows, l2: L2, tolerance: TOLERANCE }),
  );
  const known = theirs === NOT_AVAILABLE ? undefined : theirs;
  const width = method === 'softmax' ? `${COLUMNS}, ${CLASSES} classes` : `${COLUMNS}`;
  const work = `${method}, ${rows} x ${width} of ${columns}, ${threads} thread${threads > 1 ? 's' : ''}`;
  const quality = known
    ? `${qualityOf(ours)}; peer ${qualityOf(known)}`
    : `${qualityOf(ours)}; peer not available`;
  report({ work, ours: ours.seconds, ...(known && { peer: known.seconds }), unit: 's', quality });
  report({
    work: '  processor',
    ours: ours.cpu_seconds,
    ...(known && { peer: known.cpu_seconds }),
    unit: 's',
  });
}

function qualityOf({ objective = NaN, iterations = NaN, peak_rss_mb }: Run): string {
  return `objective ${objective.toFixed(6)}, ${iterations} iterations, ${Math.round(peak_rss_mb)} MB`;
}

function fitted(data: Data, method: Method, rows: number, threads: number): Promise<Run> {
  const target = data[TARGETS[method]].subarray(0, rows);
  return ownRun(
    () => estimatorOf(method).fit(tableOf(data, rows), target, { threads }),
    ({ convergence: { objective, iterations } }) => ({ objective, iterations }),
  );
}

async function growth(data: Data, report: Report): Promise<void> {
  const points: [rows: number, seconds: number][] = [];
  for (const rows of [10_000, 100_000, 1_000_000]) {
    const runs: Run[] = [];
    for (let round = 0; round < ROUNDS; round++) runs.push(await fitted(data, 'logistic', rows, 1));
    const cost = median(runs.map(run => run.cpu_seconds));
    points.push([rows, cost]);
    report({ work: `logistic, ${rows} x ${COLUMNS}, 1 thread, processor`, ours: cost, unit: 's' });
  }
  report({ work: 'growth from 1x to 100x the rows', ours: growthExponent(points), unit: 'exponent' });
}
