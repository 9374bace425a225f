import { kMeans, pca, Rng, type Table } from '@bellwether/ml';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent } from './lib/measure.ts';
import { beside, NOT_AVAILABLE, ownRun, withPeer, type Run } from './lib/peer.ts';

const SIZES = [10_000, 100_000, 1_000_000];
const ROUNDS = 3;
const [K, ITERATIONS, COMPONENTS] = [20, 30, 10];

/** What finding clusters and components costs beside scikit-learn, from the same start, for as many rounds. */
export const bench: Bench = {
  title: 'ml-cluster: k-means of 16 columns and principal components of 50, beside scikit-learn',
  run: async report => {
    for (const work of [clusters, components]) {
      for (const threads of [1, 2]) await work(SIZES.at(-1) ?? 0, threads, report);
      const points: [rows: number, seconds: number][] = [];
      for (const rows of SIZES) points.push([rows, await work(rows, 1, () => undefined)]);
      report({
        work: `${work.name}: growth from 1x to 100x the rows`,
        ours: growthExponent(points),
        unit: 'exponent',
        quality: points.map(([rows, cost]) => `${rows}: ${cost.toFixed(3)} s`).join(', '),
      });
    }
  },
};

async function clusters(rows: number, threads: number, report: Report): Promise<number> {
  const made = madeRows(rows, 16, 30, 2.5);
  const start = Array.from({ length: K }, (_, c) => [...made.byRow.subarray(c * 16, (c + 1) * 16)]);
  const estimator = kMeans({ k: K, init: start, maxIterations: ITERATIONS, tolerance: 0 });
  const arrays = {
    x: { values: made.byRow, shape: [rows, 16] },
    start: { values: Float32Array.from(start.flat()), shape: [K, 16] },
  };
  return withPeer('cluster', { arrays, threads }, async peer => {
    let cost = 0;
    for (const algorithm of ['lloyd', 'elkan']) {
      const { ours, theirs } = await beside(
        ROUNDS,
        () =>
          ownRun(
            () => estimator.fit(made.table, undefined, { threads }),
            model => ({ quality: model.inertia }),
          ),
        () => peer.run({ method: 'kMeans', k: K, iterations: ITERATIONS, algorithm }),
      );
      cost = ours.seconds;
      const work = `k-means, ${rows} x 16, k ${K}, ${ITERATIONS} rounds, ${threads} thread(s), peer ${algorithm}`;
      tell(report, work, 'inertia', ours, theirs);
    }
    return cost;
  });
}

async function components(rows: number, threads: number, report: Report): Promise<number> {
  const made = madeRows(rows, 50, 5, 1);
  const arrays = { x: { values: made.byRow, shape: [rows, 50] } };
  return withPeer('cluster', { arrays, threads }, async peer => {
    const { ours, theirs } = await beside(
      ROUNDS,
      () =>
        ownRun(
          () => pca({ components: COMPONENTS }).fit(made.table, undefined, { threads }),
          fitted => ({ quality: fitted.shares.reduce((sum, share) => sum + share, 0) }),
        ),
      () => peer.run({ method: 'pca', components: COMPONENTS }),
    );
    tell(
      report,
      `PCA, ${rows} x 50, ${COMPONENTS} components, ${threads} thread(s)`,
      'share of variance',
      ours,
      theirs,
    );
    return ours.seconds;
  });
}

function tell(
  report: Report,
  work: string,
  measure: string,
  ours: Run,
  theirs: Run | typeof NOT_AVAILABLE,
): void {
  if (theirs === NOT_AVAILABLE)
    return report({ work, ours: ours.seconds, unit: 's', quality: 'peer not available' });
  const figures = ({ quality, cpu_seconds, peak_rss_mb }: Run): string =>
    `${measure} ${quality.toPrecision(7)}, ${cpu_seconds.toFixed(2)} s of processor, ${peak_rss_mb.toFixed(0)} MB`;
  report({
    work,
    ours: ours.seconds,
    peer: theirs.seconds,
    unit: 's',
    quality: `${figures(ours)}; peer ${figures(theirs)}`,
  });
}

/** Points about so many centres, by row and by column. */
function madeRows(
  rows: number,
  columns: number,
  centres: number,
  apart: number,
): { table: Table; byRow: Float32Array } {
  const rng = new Rng(1);
  const places = Float32Array.from({ length: centres * columns }, () => apart * rng.normal());
  const byRow = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const at = rng.integer(centres) * columns;
    for (let j = 0; j < columns; j++) byRow[row * columns + j] = places[at + j] + rng.normal();
  }
  const names = Array.from({ length: columns }, (_, j) => `x${j}`);
  const values = names.map((_, j) =>
    Float32Array.from({ length: rows }, (_x, row) => byRow[row * columns + j]),
  );
  return { table: { names, rows, columns: values }, byRow };
}
