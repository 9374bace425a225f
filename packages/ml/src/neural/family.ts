import type { Family } from '../family.ts';
import { loadPerceptron } from './model.ts';
import { perceptron } from './perceptron.ts';
import { KIND } from './saved-network.ts';

export const neuralFamily: Family = {
  makers: { [KIND]: perceptron },
  models: { [KIND]: loadPerceptron },
};
