import { auc, logLoss, Rng, type Table } from '@bellwether/ml';
import { BUDGET, compete, fiveFamilies, timeSplitsOf, type Competition } from '@bellwether/pipeline';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent, seconds } from './lib/measure.ts';
import { NOT_AVAILABLE, withPeer } from './lib/peer.ts';

const COLUMNS = 26;
/** Moments to learn from; one more calibrates and one more tests. */
const MOMENTS = 5;
const TESTED = 50_000;
const COMPARED = [10_000, 100_000];
/** Ours alone: three moments of a million customers. */
const LARGEST = { customers: 1_000_000, moments: 2 };
const THREADS = 2;

/** Five families on moments of a made market: tuning, the choice, the final fit, calibration and intervals. */
export const bench: Bench = {
  title: 'compete: five families and a calibrated winner, beside scikit-learn and LightGBM on the same grid',
  run: async report => {
    const points: [customers: number, seconds: number][] = [];
    for (const customers of COMPARED) points.push([customers, await compared(customers, report)]);
    const alone = pastOf(LARGEST.customers, LARGEST.moments);
    const { took, said } = await ours(alone);
    report({
      work: `${LARGEST.customers} customers, ${LARGEST.moments} moments`,
      ours: took,
      unit: 's',
      quality: said,
    });
    report({ work: 'growth from 1x to 10x the customers', ours: growthExponent(points), unit: 'exponent' });
  },
};

interface Moment {
  table: Table;
  target: Float32Array;
  ids: string[];
}

interface Past {
  parts: Moment[];
  later: Moment;
  test: Moment;
}

function pastOf(customers: number, moments: number): Past {
  const parts = Array.from({ length: moments }, (_, at) => moment(customers, at + 1));
  return {
    parts,
    later: moment(Math.min(customers, 200_000), moments + 1),
    test: moment(TESTED, moments + 2),
  };
}

/** A target that hangs on a line, on two columns together, on a bend, and on chance. */
function moment(rows: number, seed: number): Moment {
  const rng = new Rng(seed);
  const columns = Array.from({ length: COLUMNS }, () =>
    Float32Array.from({ length: rows }, () => rng.normal()),
  );
  const [a, b, c, d] = columns;
  const target = Float32Array.from({ length: rows }, (_, row) => {
    const odds = a[row] + 0.8 * b[row] * c[row] - 0.6 * Math.max(0, d[row]) - 1;
    return Number(rng.uniform() < 1 / (1 + Math.exp(-odds)));
  });
  const ids = Array.from({ length: rows }, (_, row) => `c${row}`);
  return { table: { names: columns.map((_, j) => `x${j}`), rows, columns }, target, ids };
}

async function ours({ parts, later, test }: Past): Promise<{ took: number; said: string }> {
  const { data, splits } = timeSplitsOf(parts);
  let won: Competition | undefined;
  const took = await seconds(async () => {
    won = await compete({ data, splits, calibration: later, seed: 1 });
  });
  if (won === undefined) throw new Error('nobody won');
  return { took, said: saidOf(won.winner.family, won.model.predict(test.table), test.target) };
}

function saidOf(family: string, told: Float64Array, target: Float32Array): string {
  return `${family}, AUC ${auc(told, target).toFixed(4)}, log loss ${logLoss(told, target).toFixed(4)}`;
}

async function compared(customers: number, report: Report): Promise<number> {
  const past = pastOf(customers, MOMENTS);
  const { took, said } = await ours(past);
  const { data, splits } = timeSplitsOf(past.parts);
  const candidates = fiveFamilies();
  const arrays = {
    ...{ x: byRow(data.table), y: data.target, x_later: byRow(past.later.table), y_later: past.later.target },
    ...{ x_test: byRow(past.test.table), y_test: past.test.target },
  };
  const peer = await withPeer('compete', { arrays, threads: THREADS }, each =>
    each.run({
      tune_rows: BUDGET.tuneRows,
      judged: splits.map(({ test }) => [test[0], test[0] + test.length]),
      grid: Object.fromEntries(candidates.map(({ family, points }) => [family, points])),
      most_rows: Object.fromEntries(candidates.map(({ family, mostRows }) => [family, mostRows])),
    }),
  );
  report({
    work: `${customers} customers, ${MOMENTS} moments x ${COLUMNS}; ours with intervals and halving`,
    ours: took,
    ...(peer === NOT_AVAILABLE ? {} : { peer: peer.seconds }),
    unit: 's',
    quality: `${said}; ${
      peer === NOT_AVAILABLE
        ? 'peer not available'
        : peerSaid(
            peer,
            candidates.map(({ family }) => family),
          )
    }`,
  });
  return took;
}

function peerSaid(
  { family, auc: rank, log_loss }: Record<string, number>,
  families: readonly string[],
): string {
  return `peer ${families[family]}, AUC ${rank.toFixed(4)}, log loss ${log_loss.toFixed(4)}`;
}

function byRow({ columns, rows }: Table): { values: Float32Array; shape: number[] } {
  const values = new Float32Array(rows * columns.length);
  columns.forEach((column, j) => column.forEach((value, row) => (values[row * columns.length + j] = value)));
  return { values, shape: [rows, columns.length] };
}
