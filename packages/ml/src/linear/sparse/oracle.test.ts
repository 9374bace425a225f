import { describe, expect, test } from 'vitest';
import { distance } from '../../oracle.testing.ts';
import { factorisationMachine } from './factors.ts';
import { ftrl } from './ftrl.ts';
import { oracle, oracleAmount, oracleRows, oracleTarget } from './oracle.testing.ts';
import { sgd, type SgdParameters } from './sgd.ts';

describe('beside an FTRL-Proximal in numpy', () => {
  test.each(oracle.ftrl)('alpha $alpha, l1 $l1, l2 $l2', async ({ weights, intercept, loss, ...rule }) => {
    const model = await ftrl(rule).fit(oracleRows, oracleTarget);
    expect(distance([...model.weights, model.intercept], [...weights, intercept])).toBeLessThan(2e-5);
    expect(model.progressiveLoss).toBeCloseTo(loss, 5);
    if (rule.l1 > 0) expect(model.weights.filter(w => w === 0).length).toBeGreaterThan(0);
  });
});

describe('beside SGDClassifier and SGDRegressor, in the order of the rows', () => {
  test.each(oracle.sgd)('$parameters', async ({ parameters, weights, intercept }) => {
    const isClass = parameters.loss === 'logistic' || parameters.loss === 'hinge';
    const estimator = sgd(parameters as SgdParameters<'logistic'>);
    const model = await estimator.fit(oracleRows, isClass ? oracleTarget : oracleAmount);
    expect(distance([...model.weights, model.intercept], [...weights, intercept])).toBeLessThan(1e-4);
  });
});

describe('beside a factorisation machine in numpy whose slopes are finite differences', () => {
  test.each(oracle.machine)('$parameters', async ({ parameters, scores }) => {
    const estimator = factorisationMachine(parameters as typeof parameters & { loss: 'logistic' });
    const target = parameters.loss === 'logistic' ? oracleTarget : oracleAmount;
    const model = await estimator.fit(oracleRows, target);
    expect(distance(model.score(oracleRows), scores)).toBeLessThan(1e-4);
  });
});
