import {
  textClassifier,
  type SparseSoftmaxParameters,
  type TextClassifier,
  type TextHashingParameters,
} from '@bellwether/ml';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent } from './lib/measure.ts';
import { beside, NOT_AVAILABLE, ownRun, withPeer, type Run } from './lib/peer.ts';

const FILE = fileURLToPath(new URL('../../shared/data/service/clinc150_full.en.json.gz', import.meta.url));
const ROUNDS = 3;
/** What is tried on the published validation part; the test part is looked at once, with what did best there. */
const GRAMS: readonly TextHashingParameters[] = [
  { words: [1, 2] },
  { words: [1, 2], characters: [3, 4] },
  { words: [1, 2], characters: [2, 5] },
];
const LEARNERS: readonly SparseSoftmaxParameters[] = [
  { epochs: 6, eta: 0.5 },
  { epochs: 6, eta: 1 },
  { epochs: 12, eta: 0.5 },
];

/** Texts and the number of the intent of each. */
interface Texts {
  texts: string[];
  classes: Float32Array;
}

/** The intents of CLINC150 beside TfidfVectorizer and LinearSVC, from texts to a model. */
export const bench: Bench = {
  title: 'ml-text: hashed n-grams and softmax beside TfidfVectorizer and LinearSVC, 150 intents of CLINC150',
  run: async report => {
    if (!existsSync(FILE)) return console.log('skipped: CLINC150 is not on this machine');
    const { train, val, test } = read();
    const classifier = await chosen(train, val, report);
    await compared(classifier, train, test, report);
    await growth(classifier, train, test, report);
  },
};

type Part = 'train' | 'val' | 'test';
type TextEstimator = ReturnType<typeof textClassifier>;

/** Intents that are in scope, in the three parts as they are published. */
function read(): Record<Part, Texts> {
  const json = gunzipSync(readFileSync(FILE)).toString();
  const { train, val, test } = JSON.parse(json) as Record<Part, [string, string][]>; // as it is published
  const intents = new Map(
    [...new Set(train.map(([, intent]) => intent))].sort().map((name, at) => [name, at]),
  );
  const texts = (pairs: [string, string][]): Texts => ({
    texts: pairs.map(([text]) => text),
    classes: Float32Array.from(pairs, ([, intent]) => intents.get(intent) ?? NaN),
  });
  return { train: texts(train), val: texts(val), test: texts(test) };
}

/** The settings that tell most of the validation part right, fitted to the training part. */
async function chosen(train: Texts, val: Texts, report: Report): Promise<TextEstimator> {
  const tried: { estimator: TextEstimator; right: number; what: string }[] = [];
  for (const hashing of GRAMS)
    for (const learner of LEARNERS) {
      const estimator = textClassifier({ hashing, learner });
      const right = accuracy(await fit(estimator, train), val);
      tried.push({ estimator, right, what: JSON.stringify({ ...hashing, ...learner }) });
    }
  const best = tried.reduce((most, next) => (next.right > most.right ? next : most));
  report({
    work: 'accuracy on the validation part, the best of nine',
    ours: best.right,
    unit: 'share',
    quality: best.what,
  });
  return best.estimator;
}

function fit(classifier: TextEstimator, { texts, classes }: Texts): Promise<TextClassifier> {
  return classifier.fit(texts, classes, { threads: 1 });
}

function accuracy(model: TextClassifier, { texts, classes }: Texts): number {
  return model.classify(texts).filter((found, row) => found === classes[row]).length / classes.length;
}

async function compared(classifier: TextEstimator, train: Texts, test: Texts, report: Report): Promise<void> {
  const arrays = {
    train: new TextEncoder().encode(train.texts.join('\n')),
    test: new TextEncoder().encode(test.texts.join('\n')),
    train_classes: train.classes,
    test_classes: test.classes,
  };
  const ours = () =>
    ownRun(
      () => fit(classifier, train),
      model => ({ accuracy: accuracy(model, test) }),
    );
  await withPeer('text', { arrays, threads: 1 }, async peer => {
    for (const grams of ['words 1', 'words 1-2', 'words 1-2, characters 3-4']) {
      const { ours: own, theirs } = await beside(ROUNDS, ours, () => peer.run({ grams }));
      tell(report, `from ${train.texts.length} texts to a model; peer: ${grams}`, own, theirs);
    }
  });
}

function tell(report: Report, work: string, own: Run, theirs: Run | typeof NOT_AVAILABLE): void {
  const ourQuality = `accuracy ${own['accuracy']?.toFixed(4)}, ${Math.round(own.peak_rss_mb)} MB`;
  if (theirs === NOT_AVAILABLE) {
    report({ work, ours: own.seconds, unit: 's', quality: `${ourQuality}; peer not available` });
    return;
  }
  const quality = `${ourQuality}; peer accuracy ${theirs['accuracy']?.toFixed(4)}, ${Math.round(theirs.peak_rss_mb)} MB`;
  report({ work, ours: own.seconds, peer: theirs.seconds, unit: 's', quality });
  report({ work: `${work}, cpu`, ours: own.cpu_seconds, peer: theirs.cpu_seconds, unit: 's' });
}

/** 1/100, 1/10 and all of the texts; the number of intents stays. */
async function growth(classifier: TextEstimator, train: Texts, test: Texts, report: Report): Promise<void> {
  const points: [texts: number, seconds: number][] = [];
  for (const step of [100, 10, 1]) {
    const at = train.texts.map((_, row) => row).filter(row => row % step === 0);
    const some = {
      texts: at.map(row => train.texts[row] ?? ''),
      classes: Float32Array.from(at, row => train.classes[row]),
    };
    const run = await ownRun(
      () => fit(classifier, some),
      model => ({ accuracy: accuracy(model, test) }),
    );
    points.push([at.length, run.seconds]);
    report({
      work: `${at.length} texts`,
      ours: run.seconds,
      unit: 's',
      quality: `accuracy ${run['accuracy']?.toFixed(3)}`,
    });
  }
  report({ work: 'growth from 1x to 100x the texts', ours: growthExponent(points), unit: 'exponent' });
}
