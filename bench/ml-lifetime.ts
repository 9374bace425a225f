import { auc, bgNbd, Rng, tableOf, type Table } from '@bellwether/ml';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent } from './lib/measure.ts';
import { beside, NOT_AVAILABLE, ownRun, withPeer, type Peer, type Run } from './lib/peer.ts';

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
/** Fewer where one run takes long. */
const roundsFor = (rows: number): number => (rows > 100_000 ? 1 : 3);
const SCORED = 1_000_000;
const WEEKS = 39;

/** One world of customers, of whom each size takes the first; and the area under the ROC curve of a million scores. */
export const bench: Bench = {
  title: 'ml-lifetime: BG/NBD beside lifetimes, and AUC beside scikit-learn',
  run: async report => {
    const customers = simulated(Math.max(...SIZES));
    const [frequency, recency, age] = customers.columns;
    await withPeer('lifetime', { arrays: { frequency, recency, age }, threads: 1 }, async peer => {
      const points: [number, number][] = [];
      for (const rows of SIZES) points.push([rows, await fit(customers, rows, peer, report)]);
      report({
        work: 'growth from 10,000 to 1,000,000 customers',
        ours: growthExponent(points.slice(1)),
        unit: 'exponent',
      });
    });
    await areas(report);
  },
};

async function fit(customers: Table, rows: number, peer: Peer, report: Report): Promise<number> {
  const part = { ...customers, rows, columns: customers.columns.map(column => column.subarray(0, rows)) };
  const { ours, theirs } = await beside(
    roundsFor(rows),
    () =>
      ownRun(
        () => bgNbd().fit(part),
        model => Object.fromEntries(model.parameters.map(({ name, value }) => [name, value])),
      ),
    () => peer.run({ work: 'fit', rows }),
  );
  report({
    work: `BG/NBD, ${rows} customers`,
    ours: ours.seconds,
    ...(theirs !== NOT_AVAILABLE && { peer: theirs.seconds }),
    unit: 's',
    quality: `${told(ours)}; peer ${theirs === NOT_AVAILABLE ? theirs : told(theirs)}`,
  });
  return ours.seconds;
}

function told(run: Run): string {
  const parameters = ['r', 'alpha', 'a', 'b'].map(name => run[name].toFixed(4)).join(' ');
  return `r alpha a b ${parameters}, ${run.peak_rss_mb.toFixed(0)} MB`;
}

async function areas(report: Report): Promise<void> {
  const rng = new Rng(2);
  const target = Float32Array.from({ length: SCORED }, () => Number(rng.uniform() < 0.2));
  const scores = Float64Array.from(target, y => rng.normal() + y);
  await withPeer('lifetime', { arrays: { target, scores }, threads: 1 }, async peer => {
    const { ours, theirs } = await beside(
      3,
      () =>
        ownRun(
          () => auc(scores, target),
          area => ({ auc: area }),
        ),
      () => peer.run({ work: 'auc' }),
    );
    const area = (run: Run): string => run['auc'].toFixed(6);
    report({
      work: `AUC of ${SCORED} scores`,
      ours: ours.seconds,
      ...(theirs !== NOT_AVAILABLE && { peer: theirs.seconds }),
      unit: 's',
      quality: `AUC ${area(ours)}; peer ${theirs === NOT_AVAILABLE ? theirs : area(theirs)}`,
    });
  });
}

/** Customers of a BG/NBD world: r 0.5, alpha 6, a 1, b 2. */
function simulated(rows: number): Table {
  const rng = new Rng(1);
  const [frequency, recency, age] = [0, 0, 0].map(() => new Float32Array(rows)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ]; // three, as written
  for (let row = 0; row < rows; row++) {
    // a gamma of shape 1/2 is half the square of a normal; a beta(1, 2) by its inverse
    const rate = rng.normal() ** 2 / 2 / 6;
    const loss = 1 - Math.sqrt(1 - rng.uniform());
    age[row] = WEEKS * (0.5 + 0.5 * rng.uniform());
    for (let now = wait(rate, rng); now < age[row]; now += wait(rate, rng)) {
      frequency[row]++;
      recency[row] = now;
      if (rng.uniform() < loss) break;
    }
  }
  return tableOf({ frequency, recency, age });
}

function wait(rate: number, rng: Rng): number {
  return -Math.log(1 - rng.uniform()) / rate;
}
