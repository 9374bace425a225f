import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Rng } from '../../random/rng.ts';
import { tableOf, type Table } from '../../table.ts';
import { binOf, learnBins } from '../binning.ts';
import { grow, type Grown, type Growth, type GrowthData } from './grow.ts';
import { growPlainly, type PlainNode } from './grow.reference.ts';

/** Few distinct values, so that bins repeat, are missing, and nodes lack some. */
function madeTable(rng: Rng, rows: number): Table {
  const number = (distinct: number): Float32Array =>
    Float32Array.from({ length: rows }, () => (rng.uniform() < 0.15 ? NaN : rng.integer(distinct)));
  const word = (): string | null => (rng.uniform() < 0.1 ? null : 'abcdefgh'[rng.integer(8)]);
  return tableOf({
    ...{ few: number(5), many: number(200), same: new Float32Array(rows).fill(3) },
    ...{ kind: Array.from({ length: rows }, word), other: number(40) },
  });
}

/** Every node in order from the root, left side first: its column, sums, gain. */
function plainNodes(node: PlainNode): number[][] {
  return [[node.column, ...node.sums], ...(node.children?.flatMap(plainNodes) ?? [])];
}

function kernelNodes({ forest }: Grown, width: number, node = 0): number[][] {
  const own = [forest.feature[node], ...forest.value.subarray(node * width, (node + 1) * width)];
  if (forest.feature[node] < 0) return [own];
  return [
    own,
    ...[forest.left[node], forest.right[node]].flatMap(child =>
      kernelNodes({ forest, gain: forest.value }, width, child),
    ),
  ];
}

const criteria = ['squared', 'gini', 'entropy'] as const;

test('the kernel grows the tree that its plain twin grows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.constantFrom(...criteria),
      fc.integer({ min: 2, max: 4 }),
      fc.integer({ min: 1, max: 5 }),
      async (seed, criterion, classes, perNode) => {
        const rng = new Rng(seed);
        const rows = 20 + rng.integer(700);
        const table = madeTable(rng, rows);
        const weights = Float32Array.from({ length: rows }, () => rng.integer(3) + 0.5);
        // the target hangs on the columns by draws of its own, so that no two questions tie
        const target = Float32Array.from({ length: rows }, () =>
          criterion === 'squared' ? rng.normal() : rng.integer(classes),
        );
        const isClass = criterion !== 'squared';
        const scales = Float64Array.from({ length: isClass ? classes : 2 }, () =>
          isClass ? 0.5 + rng.uniform() : 1,
        );
        const growth: Growth = {
          ...{ criterion, trees: 1, perNode, maxDepth: 4, leaves: Infinity, minLeaf: 7.3, minGain: 0.0005 },
          ...{ bins: 255, bootstrap: false, outOfBag: false },
        };
        const data: GrowthData = {
          ...{ table, target, weights, classes: isClass, scales, width: scales.length },
          valueOf: sums => [...sums],
        };
        const found = await grow(data, growth, { rng: new Rng(seed) });
        const learned = learnBins(table, { weights, rng: new Rng(seed) });
        const plain = growPlainly(
          {
            bins: table.columns.map((column, j) =>
              Uint8Array.from(column, value => binOf(learned[j], value)),
            ),
            categorical: table.names.map(name => name === 'kind'),
            target,
            weights: Float64Array.from(weights),
            scales: isClass ? scales : new Float64Array(),
          },
          growth,
          // the first draw of the fit's generator seeds the tree's own, but for the draws that bins take
          new Rng(new Rng(seed).bits()),
        );
        const [own, expected] = [kernelNodes(found, scales.length), plainNodes(plain)];
        expect(own.map(([column]) => column)).toEqual(expected.map(([column]) => column));
        own.flat().forEach((value, at) => expect(Math.abs(value - expected.flat()[at])).toBeLessThan(1e-6));
      },
    ),
    { numRuns: 25 },
  );
});
