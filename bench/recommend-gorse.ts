import {
  listMetrics,
  Rng,
  slim,
  ease,
  als,
  blend,
  bpr,
  type Interactions,
  type RankedLists,
  type Recommender,
  type RecommenderEstimator,
} from '@bellwether/ml';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Bench, Report } from './lib/bench.ts';
import { seconds } from './lib/measure.ts';
import { grouped, randomSplit, readLines, type Split } from './ml-recommend-quality.ts';

const SOURCE = fileURLToPath(new URL('peers/gorse', import.meta.url));
const K = 10;

/**
 * MovieLens-100k as bench/ml-recommend-quality.ts divides it: 75 % of each user's ratings are learned from, whatever their
 * value, all items are ranked but those that the user has. Both sides choose among the parameters that are listed on the
 * same fifth of the training part, then learn once more from all of it and are measured once by the same code.
 *
 * gorse is its own Go packages at the version in peers/gorse/go.mod, its two models of collaborative filtering: BPR, and
 * CCD, which its server calls ALS. The compiler is BENCH_GO, or `go`.
 */
export const bench: Bench = {
  title: 'recommendation beside gorse: MovieLens-100k, one split, quality and time to learn',
  async run(report) {
    const ratings = readLines('ml-100k/u.data.gz', /\t/);
    if (ratings === undefined) return skipped('MovieLens-100k is not there', report);
    const all = grouped(ratings, 943, 1682, ([user, item, , time]) => [user - 1, item - 1, 1, time]);
    const split = randomSplit(all, 0.25, new Rng(42));
    const validation = randomSplit(split.train, 0.2, new Rng(43));
    const theirs = await withGorse(async gorse => {
      for (const candidates of GORSE)
        await measured(report, `gorse ${candidates[0].model}`, candidates.map(gorse), split, validation);
    });
    if (theirs === undefined)
      skipped('gorse could not be built: no Go compiler, or its modules were not to be had', report);
    for (const candidates of OURS)
      await measured(report, candidates[0].name, candidates.map(ours), split, validation);
  },
};

interface Learner {
  parameters: unknown;
  learn(split: Split, look: Interactions): Promise<{ lists: RankedLists; seconds: number }>;
}

const OURS: readonly (readonly RecommenderEstimator[])[] = [
  [0.01, 0.02].map(l2 => bpr({ factors: 64, l2 })),
  [3, 10, 30].flatMap(l2 => [2, 4, 8].map(alpha => als({ factors: 32, alpha, l2 }))),
  [100, 200, 400, 800].map(l2 => ease({ l2, dropout: 0.5, neighbours: 1682 })),
  [1, 2, 4].map(l1 => slim({ l1, l2: 100 })),
  [0.25, 0.5, 1].map(weight =>
    blend({
      parts: [ease({ l2: 400, dropout: 0.5 }), als({ factors: 32, alpha: 4, l2: 10 })],
      weights: [1, weight],
    }),
  ),
];

interface GorseModel {
  model: 'bpr' | 'ccd';
  parameters: Readonly<Record<string, number>>;
}

const GORSE: readonly (readonly [GorseModel, ...GorseModel[]])[] = [
  [
    { model: 'bpr', parameters: { factors: 16, epochs: 100, rate: 0.05, reg: 0.01 } }, // its defaults
    ...[0.01, 0.05].flatMap(rate =>
      [0.005, 0.01, 0.05].map(reg => ({
        model: 'bpr' as const,
        parameters: { factors: 64, epochs: 100, rate, reg },
      })),
    ),
  ],
  [
    { model: 'ccd', parameters: { factors: 16, epochs: 50, alpha: 0.001, reg: 0.06 } }, // its defaults
    ...[0.01, 0.05, 0.1].flatMap(alpha =>
      [0.01, 0.1].map(reg => ({
        model: 'ccd' as const,
        parameters: { factors: 32, epochs: 50, alpha, reg },
      })),
    ),
  ],
];

async function measured(
  report: Report,
  name: string,
  candidates: readonly Learner[],
  split: Split,
  validation: Split,
): Promise<void> {
  const scores: number[] = [];
  for (const candidate of candidates) {
    const { lists } = await candidate.learn(validation, validation.test);
    scores.push(judged(lists, validation.test).ndcg);
  }
  const chosen = candidates[scores.indexOf(Math.max(...scores))];
  const found = await chosen.learn(split, validation.test);
  const { ndcg, recall } = judged(found.lists, split.test);
  const quality = `recall@10 ${recall.toFixed(4)}, learned in ${found.seconds.toFixed(2)} s; ${JSON.stringify(chosen.parameters)}`;
  report({ work: `MovieLens-100k nDCG@10: ${name}`, ours: ndcg, unit: 'ndcg, more is better', quality });
}

const judged = (lists: RankedLists, test: Interactions) => listMetrics(lists, test, K);

function ours(method: RecommenderEstimator): Learner {
  return {
    parameters: method.parameters,
    async learn({ train }) {
      const learned: Recommender[] = [];
      const took = await seconds(async () => {
        learned.push(await method.fit(train, { rng: new Rng(1) }));
      });
      const [lists] = learned.map(model => model.recommend(train, { k: K }));
      return { lists, seconds: took };
    },
  };
}

/** Builds gorse's side and keeps it while `use` works with it; nothing where it cannot be built. */
async function withGorse(
  use: (learner: (model: GorseModel) => Learner) => Promise<void>,
): Promise<true | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-gorse-'));
  try {
    const program = join(folder, 'gorse');
    const go = process.env['BENCH_GO'] ?? 'go';
    const built = spawnSync(go, ['build', '-o', program, '.'], {
      cwd: SOURCE,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (built.status !== 0) return undefined;
    const child = spawn(program, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, BENCH_THREADS: String(availableParallelism()) },
    });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    await use(model =>
      gorseOf(model, async line => (child.stdin.write(`${line}\n`), String((await lines.next()).value))),
    );
    child.stdin.end();
    return true;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function gorseOf(asked: GorseModel, ask: (line: string) => Promise<string>): Learner {
  return {
    parameters: asked.parameters,
    async learn({ train }, look) {
      const sizes = { users: train.rows, items: train.width, k: K };
      const answer = await ask(
        JSON.stringify({ ...asked, ...sizes, train: pairsOf(train), look: pairsOf(look) }),
      );
      // what peers/gorse/main.go writes
      const { lists, seconds: took } = JSON.parse(answer) as { lists: number[][]; seconds: number };
      return { lists: rankedOf(lists), seconds: took };
    },
  };
}

function rankedOf(lists: readonly number[][]): RankedLists {
  const offsets = new Uint32Array(lists.length + 1);
  lists.forEach((items, user) => (offsets[user + 1] = offsets[user] + items.length));
  const items = Uint32Array.from(lists.flat());
  return { rows: lists.length, offsets, items, scores: new Float32Array(items.length) };
}

function pairsOf({ rows, offsets, indices }: Interactions): [number, number][] {
  return Array.from({ length: rows }, (_, user) =>
    [...indices.subarray(offsets[user], offsets[user + 1])].map((item): [number, number] => [user, item]),
  ).flat();
}

function skipped(why: string, report: Report): void {
  report({ work: 'recommendation beside gorse', ours: NaN, unit: 'skipped', quality: why });
}
