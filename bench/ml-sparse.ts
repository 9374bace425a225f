import { ftrl, logLoss, sgd, type SparseClassifier, type SparseRows } from '@bellwether/ml';
import type { Bench, Report } from './lib/bench.ts';
import { clickLog, COLUMNS, WIDTH, type ClickLog } from './lib/click-log.ts';
import { growthExponent } from './lib/measure.ts';
import { beside, NOT_AVAILABLE, ownRun, withPeer, type Peer, type Run } from './lib/peer.ts';

const ROWS = 2_000_000;
const HELD_OUT = 50_000;
/** Vowpal Wabbit takes about a minute to be given this many; the full log would take most of an hour. */
const VOWPAL_ROWS = 100_000;
const ROUNDS = 3;

const METHODS = {
  ftrl: ftrl({ alpha: 0.05 }),
  'sgd adagrad': sgd({ eta: 0.05, shuffle: false }),
  'sgd inverse': sgd({ rate: 'inverse', eta: 0.02, power: 0.1, shuffle: false }),
};
const SCIKIT = { method: 'sgd', width: WIDTH, eta: 0.02, power: 0.1 };
const VOWPAL = { method: 'vowpal', width: WIDTH, rows: VOWPAL_ROWS };

/** One pass over hashed one-hot rows beside scikit-learn and Vowpal Wabbit, with the log loss of rows held out. */
export const bench: Bench = {
  title: `ml-sparse: one pass over ${ROWS} x ${COLUMNS} one-hot rows hashed to 2^22`,
  run: async report => {
    const [train, test] = [clickLog(ROWS, 1), clickLog(HELD_OUT, 2)];
    const shape = (log: ClickLog) => ({ values: log.rows.indices, shape: [log.rows.rows, COLUMNS] });
    const arrays = {
      ...{ train: shape(train), test: shape(test) },
      ...{ train_clicks: train.clicks, test_clicks: test.clicks },
    };
    report({ work: 'log loss of the truth', ours: test.bestLoss, unit: 'nats' });
    await withPeer('sparse', { arrays, threads: 1 }, async peer => {
      for (const name of Object.keys(METHODS) as (keyof typeof METHODS)[])
        await besideScikit(name, train, test, peer, report);
      await besideVowpal(train, test, peer, report);
    });
    await growth(train, test, report);
  },
};

function own(name: keyof typeof METHODS, train: ClickLog, test: ClickLog): Promise<Run> {
  return ownRun(
    () => METHODS[name].fit(train.rows, train.clicks, { threads: 1 }),
    (model: SparseClassifier) => ({ log_loss: logLoss(model.predict(test.rows), test.clicks) }),
  );
}

async function besideScikit(
  name: keyof typeof METHODS,
  train: ClickLog,
  test: ClickLog,
  peer: Peer,
  report: Report,
): Promise<void> {
  const { ours, theirs } = await beside(
    ROUNDS,
    () => own(name, train, test),
    () => peer.run({ ...SCIKIT, rows: ROWS }),
  );
  tell(report, `${name} beside SGDClassifier`, ours, theirs);
}

async function besideVowpal(train: ClickLog, test: ClickLog, peer: Peer, report: Report): Promise<void> {
  const some = head(train, VOWPAL_ROWS);
  const works: [keyof typeof METHODS, string][] = [
    ['ftrl', '--ftrl --ftrl_alpha 0.05 --ftrl_beta 1'],
    ['sgd adagrad', ''],
  ];
  for (const [name, options] of works) {
    const theirs = await peer.run({ ...VOWPAL, options });
    tell(
      report,
      `${name} beside Vowpal Wabbit ${options}, ${VOWPAL_ROWS} rows`,
      await own(name, some, test),
      theirs,
    );
  }
}

function tell(report: Report, work: string, ours: Run, theirs: Run | typeof NOT_AVAILABLE): void {
  const quality = `log loss ${ours['log_loss']?.toFixed(5)}, ${Math.round(ours.peak_rss_mb)} MB`;
  if (theirs === NOT_AVAILABLE)
    return report({ work, ours: ours.seconds, unit: 's', quality: `${quality}; peer not available` });
  const peers = `peer ${theirs['log_loss']?.toFixed(5)}, ${Math.round(theirs.peak_rss_mb)} MB`;
  report({ work, ours: ours.seconds, peer: theirs.seconds, unit: 's', quality: `${quality}; ${peers}` });
  report({ work: `${name(work)}, cpu`, ours: ours.cpu_seconds, peer: theirs.cpu_seconds, unit: 's' });
}

function name(work: string): string {
  return work.replace(/ --.*(?=,)/, '');
}

async function growth(train: ClickLog, test: ClickLog, report: Report): Promise<void> {
  const points: [rows: number, seconds: number][] = [];
  for (const rows of [ROWS / 100, ROWS / 10, ROWS]) {
    const some = head(train, rows);
    const run = await own('ftrl', some, test);
    points.push([rows, run.cpu_seconds]);
    report({
      work: `ftrl, ${rows} rows, cpu`,
      ours: run.cpu_seconds,
      unit: 's',
      quality: `log loss ${run['log_loss']?.toFixed(5)}`,
    });
  }
  report({ work: 'growth from 1x to 100x the rows', ours: growthExponent(points), unit: 'exponent' });
}

function head({ rows, clicks, bestLoss }: ClickLog, count: number): ClickLog {
  const first: SparseRows = {
    ...{ rows: count, width: rows.width },
    offsets: rows.offsets.subarray(0, count + 1),
    indices: rows.indices.subarray(0, count * COLUMNS),
  };
  return { rows: first, clicks: clicks.subarray(0, count), bestLoss };
}
