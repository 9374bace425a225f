import { textClassifier, type TextClassifier } from '@bellwether/ml';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent } from './lib/measure.ts';
import { beside, NOT_AVAILABLE, ownRun, withPeer, type Run } from './lib/peer.ts';

const FILE = fileURLToPath(new URL('../../shared/data/service/clinc150_full.en.json.gz', import.meta.url));
const ROUNDS = 3;
const classifier = textClassifier({
  hashing: { words: [1, 2], characters: [3, 4] },
  learner: { epochs: 6, eta: 1 },
});

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
    const { train, test } = read();
    await compared(train, test, report);
    await growth(train, test, report);
  },
};

/** Intents that are in scope; training and validation are kept apart from the test as published. */
function read(): { train: Texts; test: Texts } {
  const json = gunzipSync(readFileSync(FILE)).toString();
  const { train, test } = JSON.parse(json) as Record<'train' | 'test', [string, string][]>; // as it is published
  const intents = new Map(
    [...new Set(train.map(([, intent]) => intent))].sort().map((name, at) => [name, at]),
  );
  const texts = (pairs: [string, string][]): Texts => ({
    texts: pairs.map(([text]) => text),
    classes: Float32Array.from(pairs, ([, intent]) => intents.get(intent) ?? NaN),
  });
  return { train: texts(train), test: texts(test) };
}

function fit({ texts, classes }: Texts, threads: number): Promise<TextClassifier> {
  return classifier.fit(texts, classes, { threads });
}

function accuracy(model: TextClassifier, { texts, classes }: Texts): number {
  return model.classify(texts).filter((found, row) => found === classes[row]).length / classes.length;
}

async function compared(train: Texts, test: Texts, report: Report): Promise<void> {
  const arrays = {
    train: new TextEncoder().encode(train.texts.join('\n')),
    test: new TextEncoder().encode(test.texts.join('\n')),
    train_classes: train.classes,
    test_classes: test.classes,
  };
  const ours = () =>
    ownRun(
      () => fit(train, 1),
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
async function growth(train: Texts, test: Texts, report: Report): Promise<void> {
  const points: [texts: number, seconds: number][] = [];
  for (const step of [100, 10, 1]) {
    const at = train.texts.map((_, row) => row).filter(row => row % step === 0);
    const some = {
      texts: at.map(row => train.texts[row] ?? ''),
      classes: Float32Array.from(at, row => train.classes[row]),
    };
    const run = await ownRun(
      () => fit(some, 1),
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
