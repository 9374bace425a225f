import { describe, expect, test } from 'vitest';
import { auc } from '../../metrics/roc.ts';
import { distance } from '../../oracle.testing.ts';
import { Rng } from '../../random/rng.ts';
import { loadModel } from '../../registry.ts';
import { decode, encode } from '../../saved.ts';
import { rowsAt, tableOf, type Table } from '../../table.ts';
import { oracle, tableFrom } from '../oracle.testing.ts';
import { firstTrees, pruned, pruningPath } from '../prune.ts';
import { decisionTree } from './decision-tree.ts';
import type { TreesClassifier, TreesModel, TreesMulticlass, TreesRegressor, TreeTask } from './models.ts';
import { randomForest } from './random-forest.ts';
import { rulesOf } from './rules.ts';

const { trees, forests } = oracle;
const x = tableFrom(trees.x);

function questionsOf({ forest }: TreesModel): [number, number][] {
  const inner = Array.from(forest.feature.keys()).filter(node => forest.feature[node] >= 0);
  return inner
    .map((node): [number, number] => [forest.feature[node], forest.threshold[node]])
    .sort(([a, b], [c, d]) => a - c || b - d);
}

describe('a decision tree beside scikit-learn', () => {
  test.each(Object.entries(trees.cases))(
    'asks the same questions and tells the same: %s',
    async (name, { parameters, questions, told, importances }) => {
      const { task = 'binary' } = parameters as { task?: TreeTask };
      const target = Float32Array.from(
        { binary: trees.binary, multiclass: trees.classes, regression: trees.numbers }[task],
      );
      const weights = name.startsWith('weighted') ? Float32Array.from(trees.weights) : undefined;
      const model = await decisionTree(parameters).fit(x, target, { weights });
      const found = questionsOf(model);
      expect(found.map(([feature]) => feature)).toEqual(questions.map(([feature]) => feature));
      expect(distance(found.flat(), questions.flat())).toBeLessThan(1e-6);
      const positive = task === 'binary' ? told.filter((_, at) => at % 2 === 1) : told;
      // probabilities are kept half a row away from 0 and 1
      expect(distance(model.predict(x), positive)).toBeLessThan(task === 'binary' ? 0.003 : 1e-6);
      expect(distance([...model.importances().values()], importances)).toBeLessThan(1e-5);
    },
  );

  test('shrinks along the same path as leaves become dearer', async () => {
    const model = await decisionTree({ minLeaf: 6 }).fit(x, Float32Array.from(trees.binary));
    const { alphas, losses, leaves } = pruningPath(model);
    const { alphas: expected, impurities } = trees.path;
    // where a leaf costs nothing scikit-learn and we may break ties in another order: compared where it costs something
    const dear = (all: ArrayLike<number>): number[] => Array.from(all).filter(alpha => alpha > 1e-9);
    expect(distance(dear(alphas), dear(expected))).toBeLessThan(1e-6);
    expect(losses.at(-1)).toBeCloseTo((impurities.at(-1) ?? 0) - impurities[0], 7);
    expect(leaves.at(-1)).toBe(1);
  });
});

describe('a random forest', () => {
  const whole = tableFrom(forests.x);
  const rows = (from: number, to: number): Table =>
    rowsAt(
      whole,
      Array.from({ length: to - from }, (_, i) => from + i),
    );
  const [train, later] = [rows(0, forests.train), rows(forests.train, whole.rows)];
  const split = (y: number[]): [Float32Array, Float32Array] => [
    Float32Array.from(y.slice(0, forests.train)),
    Float32Array.from(y.slice(forests.train)),
  ];

  test('of two classes is as good as scikit-learn’s, and knows it without other rows', async () => {
    const [y, then] = split(forests.binary);
    const model = await randomForest({ trees: 300, minLeaf: 2, outOfBag: true }).fit(train, y);
    const area = auc(model.predict(later), then);
    expect(area).toBeGreaterThan(forests.auc - 0.008);
    expect(Math.abs((model.outOfBag?.score ?? 0) - area)).toBeLessThan(0.03);
    expect(model.outOfBag?.rows).toBe(700);
  });
  test('of several classes is as good as scikit-learn’s', async () => {
    const [y, then] = split(forests.classes);
    const model = await randomForest({ task: 'multiclass', trees: 300, minLeaf: 2 }).fit(train, y);
    const told = model.predict(later);
    const right = then.filter((k, row) => {
      const own = told.subarray(row * 3, row * 3 + 3);
      return own.indexOf(Math.max(...own)) === k;
    });
    expect(right.length / then.length).toBeGreaterThan(forests.accuracy - 0.02);
  });
  test('of numbers is as good as scikit-learn’s', async () => {
    const [y, then] = split(forests.numbers);
    const given = { task: 'regression', trees: 300, minLeaf: 2, columnSample: 0.6, outOfBag: true } as const;
    const model = await randomForest(given).fit(train, y);
    const told = model.predict(later);
    const mean = then.reduce((sum, v) => sum + v, 0) / then.length;
    const left = then.reduce((sum, v, row) => sum + (v - told[row]) ** 2, 0);
    const r2 = 1 - left / then.reduce((sum, v) => sum + (v - mean) ** 2, 0);
    expect(r2).toBeGreaterThan(forests.r2 - 0.015);
    expect(Math.abs((model.outOfBag?.score ?? 0) - r2)).toBeLessThan(0.06);
  });
  test('draws rows in proportion to their weights', async () => {
    const y = Float32Array.from(forests.binary.slice(0, 700));
    const weights = y.map(v => (v === 1 ? 3 : 1));
    const share =
      weights.reduce((sum, w, row) => sum + w * y[row], 0) / weights.reduce((sum, w) => sum + w, 0);
    const model = await randomForest({ trees: 200, maxDepth: 0 }).fit(train, y, { weights });
    expect(model.predict(later)[0]).toBeCloseTo(share, 2);
  });
  test('can be cut to its first trees', async () => {
    const y = Float32Array.from(forests.binary.slice(0, 700));
    const model = await randomForest({ trees: 5, leaves: 9 }).fit(train, y);
    const two = firstTrees(model, 2).forest;
    expect(two.roots).toEqual(model.forest.roots.slice(0, 2));
    expect(two.value).toEqual(model.forest.value.slice(0, model.forest.roots[2]));
    expect(firstTrees(model, 5)).toEqual({ forest: model.forest, gain: model.gain });
    expect(firstTrees(model, 0).forest.feature.length).toBe(0);
  });
});

describe('holes and categories', () => {
  const rng = new Rng(6);
  const n = 600;
  const words = ['ash', 'beech', 'cedar', 'elm', 'fir', 'oak', 'pine'];
  const kind = Array.from({ length: n }, () => words[rng.integer(7)]);
  const size = Float32Array.from({ length: n }, () => (rng.uniform() < 0.3 ? NaN : rng.normal()));
  const table = tableOf({ size, kind: kind.map((word, row) => (row % 10 === 0 ? null : word)) });
  const isConifer = (word: string): boolean => ['cedar', 'fir', 'pine'].includes(word);

  test('one question finds a set of categories, and rules tell it in words', async () => {
    const target = Float32Array.from(kind, (word, row) => Number(isConifer(word) || row % 10 === 0));
    const model = await decisionTree({ maxDepth: 1 }).fit(table, target);
    const rules = rulesOf(model);
    expect(rules.map(({ conditions }) => conditions)).toEqual([
      [{ feature: 'kind', missing: false, oneOf: ['ash', 'beech', 'elm', 'oak'] }],
      [{ feature: 'kind', missing: true, oneOf: ['cedar', 'fir', 'pine'] }],
    ]);
    expect(rules.map(({ values }) => values)).toEqual([[0], [1]]);
    expect(rules.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    // another dictionary, an unknown word, and a hole
    const others = tableOf({ size: new Float32Array(4), kind: ['pine', 'ash', 'yew', null] });
    expect([...model.predict(others)].map(Math.round)).toEqual([1, 0, 1, 1]);
  });
  test('one question finds one class against the rest among several', async () => {
    const target = Float32Array.from(kind, word => (isConifer(word) ? 2 : word === 'oak' ? 1 : 0));
    const model = await decisionTree({ task: 'multiclass', maxDepth: 2 }).fit(table, target);
    const all = tableOf({ size: new Float32Array(7), kind: words });
    const told = model.predict(all);
    words.forEach((word, row) =>
      expect(told[row * 3 + (isConifer(word) ? 2 : word === 'oak' ? 1 : 0)]).toBeGreaterThan(0.85),
    );
  });
  test('that a value is missing can be a question of its own', async () => {
    const target = Float32Array.from(size, v => Number(Number.isNaN(v)));
    const model = await decisionTree({ maxDepth: 1 }).fit(table, target);
    expect([...model.predict(table)].map(Math.round)).toEqual([...target]);
  });
  test('rules part the rows: each meets exactly one, and is told what it says', async () => {
    const target = Float32Array.from(kind, (word, row) => (isConifer(word) ? size[row] || 3 : -1));
    const model = await decisionTree({ task: 'regression', leaves: 10 }).fit(table, target);
    const rules = rulesOf(model);
    const told = model.predict(table);
    for (let row = 0; row < n; row++) {
      const code = table.columns[1][row];
      const met = rules.filter(({ conditions }) =>
        conditions.every(({ feature, above = -Infinity, atMost = Infinity, oneOf, missing }) => {
          const value = feature === 'size' ? size[row] : code;
          if (Number.isNaN(value)) return missing;
          return oneOf ? oneOf.includes(words[code]) : value > above && value <= atMost;
        }),
      );
      expect(met).toHaveLength(1);
      expect(met[0].values[0]).toBe(told[row]);
    }
  });
});

describe('what trees explain', () => {
  const binary = Float32Array.from(trees.binary);
  const sums = (base: number, values: Float64Array): Float64Array =>
    Float64Array.from({ length: x.rows }, (_, row) =>
      values.subarray(row * 4, row * 4 + 4).reduce((sum, v) => sum + v, base),
    );
  test('of probability and of log-odds sums to each, and a pure leaf stays finite', async () => {
    const model: TreesClassifier = await randomForest({ trees: 7 }).fit(x, binary);
    const odds = model.contributions(x);
    expect(distance(sums(odds.base, odds.values), model.logOdds(x))).toBeLessThan(1e-9);
    const shares = model.probabilityContributions(x);
    expect(distance(sums(shares.base, shares.values), model.predict(x))).toBeLessThan(0.003);
    const pure = await decisionTree().fit(x, binary);
    expect(pure.logOdds(x).every(Number.isFinite)).toBe(true);
  });
  test('of one class sums to its probability', async () => {
    const model: TreesMulticlass = await decisionTree({ task: 'multiclass', maxDepth: 4 }).fit(
      x,
      Float32Array.from(trees.classes),
    );
    const told = model.predict(x);
    for (const k of [0, 1, 2]) {
      const { base, values } = model.classContributions(x, k);
      expect(
        distance(
          sums(base, values),
          Array.from({ length: x.rows }, (_, row) => told[row * 3 + k]),
        ),
      ).toBeLessThan(1e-9);
    }
  });
  test('of a number starts from the mean of the rows learned from', async () => {
    const numbers = Float32Array.from(trees.numbers);
    const model: TreesRegressor = await decisionTree({ task: 'regression' }).fit(x, numbers);
    const mean = numbers.reduce((sum, v) => sum + v, 0) / numbers.length;
    expect(model.contributions(x).base).toBeCloseTo(mean, 6);
  });
});

test('weights that are small and broken leave room for every leaf', async () => {
  const weights = new Float32Array(x.rows).fill(0.0111); // 2.66 rows, of which three are drawn
  const y = Float32Array.from(trees.binary);
  for (let seed = 0; seed < 20; seed++) {
    const model = await randomForest({ trees: 9 }).fit(x, y, { weights, rng: new Rng(seed) });
    expect(model.forest.roots.length).toBe(9);
    expect(model.predict(x).every(p => p > 0 && p < 1)).toBe(true);
    expect(loadModel(model.save()).features).toEqual(x.names);
  }
});

test('smoothing draws leaves towards all classes alike', async () => {
  const model = await decisionTree({ smoothing: 1, maxDepth: 0 }).fit(x, Float32Array.from(trees.binary));
  const positives = trees.binary.reduce((sum, y) => sum + y, 0);
  expect(model.predict(x)[0]).toBeCloseTo((positives + 1) / (x.rows + 2), 9);
});

test('pruning at no price keeps the tree, at any price its root; what is kept is loaded again', async () => {
  const model = await decisionTree().fit(x, Float32Array.from(trees.binary));
  expect(pruned(model, 1).forest.feature).toEqual(Int32Array.of(-1));
  const half = pruned(model, 0.005);
  expect(half.forest.feature.length).toBeLessThan(model.forest.feature.length);
  const loaded = loadModel(decode(encode({ ...model.save() }))) as TreesClassifier; // of the kind that was saved
  expect(loaded.importances()).toEqual(model.importances());
});

test.each([
  [() => decisionTree({ maxDepth: -1 }), 'maxDepth'],
  [() => decisionTree({ leaves: 0 }), 'leaves'],
  [() => decisionTree({ minLeaf: 0 }), 'minLeaf'],
  [() => decisionTree({ criterion: 'squared' }), 'criterion'],
  [() => decisionTree({ task: 'regression', classWeights: 'balanced' }), 'classWeights'],
  [() => decisionTree({ classWeights: [1, -1] }), 'classWeights'],
  [() => randomForest({ trees: 0 }), 'trees'],
  [() => randomForest({ columnSample: 1.5 }), 'columnSample'],
  [() => randomForest({ bootstrap: false, outOfBag: true }), 'outOfBag'],
])('parameters out of range are refused: %#', (make, name) => {
  expect(make).toThrow(name);
});

test('a third class is refused where two were expected', async () => {
  await expect(decisionTree().fit(x, Float32Array.from(trees.classes))).rejects.toThrow('must be 0 or 1');
});
