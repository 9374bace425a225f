import type { Family } from '../family.ts';
import { linear, loadLinear } from './linear.ts';
import { gamma, loadGamma, loadPoisson, poisson } from './log-link.ts';
import { loadLogistic, logistic } from './logistic.ts';
import { sparseFamily } from './sparse/family.ts';
import { loadSoftmax, softmax } from './softmax.ts';

export const linearFamily: Family = {
  makers: { gamma, linear, logistic, poisson, softmax, ...sparseFamily.makers },
  models: {
    gamma: loadGamma,
    linear: loadLinear,
    logistic: loadLogistic,
    poisson: loadPoisson,
    softmax: loadSoftmax,
    ...sparseFamily.models,
  },
};
