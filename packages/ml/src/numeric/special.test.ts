import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { integral } from './special-integral.ts';
import { chiSquareAbove, normalBelow, normalQuantile } from './special-normal.ts';
import {
  betaBelow,
  digamma,
  gammaAbove,
  gammaBelow,
  hypergeometric1,
  logBeta,
  logGamma,
  logRising,
} from './special.ts';

/** What `oracles/special.py` wrote: for each function, its arguments and then its value. */
const oracle = JSON.parse(
  readFileSync(new URL('../../oracles/special.json', import.meta.url), 'utf8'),
) as Record<string, number[][]>;

const functions: Record<string, (...x: number[]) => number> = {
  ...{ logGamma, digamma, logBeta, logRising, hypergeometric1, gammaBelow, gammaAbove, betaBelow },
  ...{ normalBelow, normalQuantile, chiSquareAbove },
  integral: k => integral(u => Math.exp(-k * u) * Math.sqrt(u), 0, 2),
};

test.each(Object.entries(functions))('%s agrees with mpmath and scipy to 1e-10', (name, f) => {
  for (const row of oracle[name]) {
    const expected = row[row.length - 1];
    const apart = Math.abs(f(...row.slice(0, -1)) - expected);
    expect(apart / Math.max(Math.abs(expected), 1e-300), `${name}(${row.join(', ')})`).toBeLessThan(1e-10);
  }
});

test('the ends of the distributions are 0 and 1', () => {
  expect([gammaBelow(2, 0), gammaAbove(2, 0), gammaAbove(2, Infinity)]).toEqual([0, 1, 0]);
  expect([betaBelow(2, 3, 0), betaBelow(2, 3, 1)]).toEqual([0, 1]);
  expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
  expect(normalQuantile(0.5)).toBeCloseTo(0, 15);
  expect(normalQuantile(NaN)).toBeNaN();
});
