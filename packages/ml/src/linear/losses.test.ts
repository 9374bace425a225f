import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distance } from '../oracle.testing.ts';
import { Rng } from '../random/rng.ts';
import { withTeam } from '../runtime/team.ts';
import { plainVariances, scoreDeviations } from './covariance.ts';
import { designOf, gram, type Design } from './design.ts';
import { penalisedLoss, type Loss, type Precision } from './losses.ts';
import { plainGram, plainLoss, type Rows } from './losses.reference.ts';

const LOSSES: readonly (readonly [Loss, number])[] = [
  ['logistic', 1],
  ['poisson', 1],
  ['gamma', 1],
  ['softmax', 3],
];

function made(seed: number, rows: number, columns: number, loss: Loss): Rows {
  const rng = new Rng(seed);
  const target = (): number => {
    if (loss === 'softmax') return rng.integer(3);
    if (loss === 'poisson') return rng.integer(5);
    return loss === 'logistic' ? rng.uniform() : 0.1 + rng.uniform();
  };
  const drawn = (value: () => number) => Float32Array.from({ length: rows }, value);
  return {
    table: {
      names: Array.from({ length: columns }, (_, j) => `x${j}`),
      rows,
      columns: Array.from({ length: columns }, () => drawn(() => 1 + rng.normal())),
    },
    target: drawn(target),
    weights: drawn(() => rng.integer(4) / 2 + 0.25),
  };
}

const inDesign = <T>(rows: Rows, use: (design: Design) => T): T =>
  withTeam('linear', { threads: 1 }, team => use(designOf(team, rows.table, rows.target, rows.weights)));

function coefficientsFor(seed: number, length: number): Float64Array {
  const rng = new Rng(seed + 1);
  return Float64Array.from({ length }, () => 0.3 * rng.normal());
}

const shapes = fc.record({
  seed: fc.nat(),
  rows: fc.integer({ min: 1, max: 200 }),
  columns: fc.integer({ min: 0, max: 12 }),
});

describe.each(LOSSES)('the loss of %s', (loss, classes) => {
  test.each([
    ['double', 1e-12],
    ['single', 1e-5],
  ] as const)('is the plain one, to what %s precision can tell', (precision: Precision, apart: number) => {
    fc.assert(
      fc.property(shapes, ({ seed, rows, columns }) => {
        const data = made(seed, rows, columns, loss);
        const b = coefficientsFor(seed, classes * (columns + 1));
        const [found, expected] = [b.slice(), b.slice()];
        const value = inDesign(data, design =>
          penalisedLoss(design, loss, classes, 0.7, precision)(b, found),
        );
        const plain = plainLoss(data, loss, classes, 0.7)(b, expected);
        expect(Math.abs(value - plain)).toBeLessThan(apart * Math.max(1, Math.abs(plain)));
        for (let i = 0; i < b.length; i++)
          expect(Math.abs(found[i] - expected[i])).toBeLessThan(apart * Math.max(1, Math.abs(plain)));
      }),
      { numRuns: 40 },
    );
  });

  test('has the gradient of finite differences', () => {
    const data = made(3, 500, 5, loss);
    inDesign(data, design => {
      const objective = penalisedLoss(design, loss, classes, 2, 'double');
      const at = coefficientsFor(3, classes * 6);
      const gradient = at.slice();
      objective(at, gradient);
      const differences = at.map((_, j) => {
        const [up, down] = [at.slice(), at.slice()];
        up[j] += 1e-5;
        down[j] -= 1e-5;
        return (objective(up, up.slice()) - objective(down, down.slice())) / 2e-5;
      });
      expect(distance(gradient, differences)).toBeLessThan(1e-7);
    });
  });

  test('stays finite where scores are far out', () => {
    const data = made(4, 64, 2, loss);
    inDesign(data, design => {
      const gradient = new Float64Array(classes * 3);
      const value = penalisedLoss(
        design,
        loss,
        classes,
        0,
        'double',
      )(
        gradient.map((_, i) => 300 * (i - 1)),
        gradient,
      );
      expect(Number.isFinite(value)).toBe(true);
      expect(gradient.every(Number.isFinite)).toBe(true);
    });
  });
});

test('cross products are the plain ones', () => {
  fc.assert(
    fc.property(shapes, ({ seed, rows, columns }) => {
      const data = made(seed, rows, columns, 'logistic');
      const { found, means } = inDesign(data, design => ({ found: gram(design), means: design.means }));
      expect(distance(found, plainGram(data, means))).toBeLessThan(1e-12);
    }),
    { numRuns: 60 },
  );
});

test('means and deviations are those of the weighted rows, and a column of one value has the deviation 1', () => {
  const { table, target, weights } = made(5, 777, 3, 'logistic');
  const whole = { ...table, columns: [...table.columns, new Float32Array(777).fill(0.1)] };
  const { means, deviations } = inDesign({ table: whole, target, weights }, design => design);
  const total = weights.reduce((sum, w) => sum + w, 0);
  whole.columns.forEach((column, j) => {
    const mean = column.reduce((sum, x, i) => sum + weights[i] * x, 0) / total;
    expect(means[j]).toBeCloseTo(mean, 10);
    if (j === 3) return expect(deviations[j]).toBe(1);
    const variance = column.reduce((sum, x, i) => sum + weights[i] * (x - mean) ** 2, 0) / total;
    expect(deviations[j]).toBeCloseTo(Math.sqrt(variance), 10);
  });
});

test('deviations of many rows are those of few', () => {
  const { table } = made(6, 30_000, 30, 'logistic');
  const half = coefficientsFor(6, 31 * 31);
  const covariance = Float64Array.from({ length: 31 * 31 }, (_, at) => {
    const [i, j] = [Math.floor(at / 31), at % 31];
    let sum = 0;
    for (let k = 0; k < 31; k++) sum += half[i * 31 + k] * half[j * 31 + k];
    return sum;
  });
  expect(
    distance(scoreDeviations(table, covariance), plainVariances(table, covariance).map(Math.sqrt)),
  ).toBeLessThan(1e-12);
});
