import { required } from '../errors.ts';
import type { Activation, Loss } from './network.ts';
import { optimiserSettings, type Optimiser, type OptimiserSettings } from './optimiser.ts';
import { soundSchedule, type Schedule } from './schedule.ts';

export type PerceptronTask = 'binary' | 'multiclass' | 'regression';

export interface PerceptronParameters {
  /** What the target is: 0 or 1 (or a share between them); a class from 0 up; numbers. */
  task?: PerceptronTask;
  /** Cross-entropy for classes; for numbers half the squared distance, or Huber's, which outliers pull less. */
  loss?: 'cross-entropy' | 'squared' | 'huber';
  /** Distance from which Huber's loss grows in a straight line, in units of the target. */
  delta?: number;
  /** Numbers told of each row: several for a regression whose target has as many a row; the classes, where not all occur. */
  outputs?: number;
  /** From the inputs on; ReLU where no activation is named. None at all makes a linear model. */
  layers?: readonly { units: number; activation?: Activation }[];
  /** How many numbers stand for a category, by column; min(50, 1.6 categories^0.56) rounded up for the others. */
  embeddings?: Readonly<Record<string, number>>;
  optimiser?: Optimiser;
  learningRate?: number;
  schedule?: Schedule;
  /** Epochs over which the learning rate rises from 0. */
  warmUp?: number;
  /** Share of each hidden layer's outputs that is left out of a step, at random. */
  dropout?: number;
  /** Normalise weighted sums before the activation, by statistics of up to 128 rows of a batch. */
  batchNorm?: boolean;
  /** Strength of the penalty l1 |w| on weights, beside the mean loss. */
  l1?: number;
  /** Strength of the penalty l2/2 w^2 on weights, beside the mean loss; scikit-learn's alpha over the rows of a batch. */
  l2?: number;
  epochs?: number;
  /** Rows of a step; `all` for plain gradient descent. */
  batch?: number | 'all';
  /** Share of the rows that are set aside to judge each epoch by. */
  validationShare?: number;
  /**
   * Epochs without a lower loss (of the rows set aside, or else in training) after which to stop; the best parameters are
   * then taken. 0 trains all epochs and takes the last.
   */
  patience?: number;
  /** Keep weights that are exactly 0: for learning on after pruning. */
  keepZeros?: boolean;
}

/** Every parameter, those left out at their defaults. */
export interface Settings {
  task: PerceptronTask;
  loss: 'cross-entropy' | 'squared' | 'huber';
  delta: number;
  /** 0 where the target tells. */
  outputs: number;
  layers: { units: number; activation: Activation }[];
  embeddings: Readonly<Record<string, number>>;
  optimiser: OptimiserSettings;
  learningRate: number;
  schedule: Schedule;
  warmUp: number;
  dropout: number;
  batchNorm: boolean;
  l1: number;
  l2: number;
  epochs: number;
  batch: number | 'all';
  validationShare: number;
  patience: number;
  keepZeros: boolean;
}

const DEFAULTS: Required<Omit<PerceptronParameters, 'loss'>> = {
  ...{ task: 'binary', delta: 1, outputs: 0, layers: [{ units: 100 }], embeddings: {} },
  ...{ optimiser: { kind: 'adam' }, learningRate: 0.001, schedule: { kind: 'constant' }, warmUp: 0 },
  ...{ dropout: 0, batchNorm: false, l1: 0, l2: 0, epochs: 20, batch: 200 },
  ...{ validationShare: 0, patience: 0, keepZeros: false },
};

/** @throws MlError `ml.bad_parameter` naming the parameter and what would be valid */
export function settingsOf(parameters: PerceptronParameters): Settings {
  const given = { ...DEFAULTS, ...parameters };
  const { task } = given;
  required(
    ['binary', 'multiclass', 'regression'].includes(task),
    'task',
    'binary, multiclass or regression',
    task,
  );
  const settings: Settings = {
    ...given,
    loss: given.loss ?? (task === 'regression' ? 'squared' : 'cross-entropy'),
    layers: given.layers.map(({ units, activation = 'relu' }) => ({ units, activation })),
    optimiser: optimiserSettings(given.optimiser),
    schedule: soundSchedule(given.schedule),
  };
  checkShape(settings);
  checkTraining(settings);
  return settings;
}

const whole = (least: number) => (value: number) => Number.isInteger(value) && value >= least;
const isShare = (value: number): boolean => value >= 0 && value < 1;
const isStrength = (value: number): boolean => value >= 0 && value < Infinity;

function checkShape({ task, loss, delta, outputs, layers, embeddings, dropout }: Settings): void {
  const losses = task === 'regression' ? ['squared', 'huber'] : ['cross-entropy'];
  required(losses.includes(loss), 'loss', `${losses.join(' or ')} for the task ${task}`, loss);
  required(delta > 0 && delta < Infinity, 'delta', 'above 0', delta);
  const least = task === 'multiclass' && outputs > 0 ? 2 : 0;
  required(whole(least)(outputs), 'outputs', `a whole number from ${Math.max(1, least)} up`, outputs);
  required(task !== 'binary' || outputs <= 1, 'outputs', '1 for the task binary', outputs);
  for (const { units, activation } of layers) {
    required(whole(1)(units), 'units', 'a whole number from 1 up', units);
    const known = ['relu', 'sigmoid', 'tanh', 'gelu'];
    required(known.includes(activation), 'activation', known.join(', '), activation);
  }
  for (const [column, dimension] of Object.entries(embeddings))
    required(whole(1)(dimension), `embeddings of "${column}"`, 'a whole number from 1 up', dimension);
  required(isShare(dropout), 'dropout', 'from 0 to below 1', dropout);
}

function checkTraining(settings: Settings): void {
  const { learningRate, warmUp, l1, l2, epochs, batch, validationShare, patience } = settings;
  required(learningRate > 0 && learningRate < Infinity, 'learningRate', 'above 0', learningRate);
  required(isStrength(warmUp), 'warmUp', 'from 0 up', warmUp);
  required(isStrength(l1), 'l1', 'from 0 up', l1);
  required(isStrength(l2), 'l2', 'from 0 up', l2);
  required(whole(1)(epochs), 'epochs', 'a whole number from 1 up', epochs);
  required(batch === 'all' || whole(1)(batch), 'batch', '"all" or a whole number from 1 up', batch);
  required(isShare(validationShare), 'validationShare', 'from 0 to below 1', validationShare);
  required(whole(0)(patience), 'patience', 'a whole number from 0 up', patience);
}

export function lossOf({ task, loss }: Settings): Loss {
  if (task === 'binary') return 'binary';
  if (task === 'multiclass') return 'classes';
  return loss === 'huber' ? 'huber' : 'squared';
}
