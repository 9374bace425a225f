import { MlError, required } from '../../errors.ts';
import type { Parameters } from '../../estimator.ts';

export type LossName = 'logistic' | 'softmax' | 'squared' | 'poisson' | 'quantile' | 'ranking';

export interface BoostingParameters {
  /**
   * What is made small: log loss of two classes or of several, half the squared distance, Poisson's deviance of counts,
   * the pinball loss of a quantile, or the rank of what is relevant within its group (LambdaMART).
   */
  loss: LossName;
  /** Rounds at most; with `softmax`, each round grows one tree for every class. */
  trees?: number;
  /** Leaves of a tree at most. */
  leaves?: number;
  /** Share of its step that each tree takes, above 0 and up to 1. */
  learningRate?: number;
  /** Least rows in a leaf (weight, where rows have weights), told from their share of the curvature. */
  minLeaf?: number;
  /** Least sum of the second derivatives in a leaf. */
  minHessian?: number;
  /** Penalty l2/2 v^2 on each leaf's value v. */
  l2?: number;
  /** Least gain of a split. */
  minGain?: number;
  /** Bins to a column at most, from 2 to 255. */
  bins?: number;
  /** Share of the columns that each tree may ask, above 0 and up to 1. */
  columnSample?: number;
  /** Share of the rows that each tree learns from, above 0 and up to 1. */
  rowSample?: number;
  /** Columns along which the prediction must not fall (1) or not rise (-1). */
  monotone?: Readonly<Record<string, 1 | -1>>;
  /** By how much rows of each class count; `balanced` makes all classes count the same. */
  classWeights?: 'balanced' | readonly number[];
  /** Keeps a share of the rows (of the groups, where there are some) out, and stops when so many rounds brought them nothing. */
  earlyStopping?: { share: number; rounds: number };
  /** Which quantile `quantile` tells, between 0 and 1. */
  quantile?: number;
}

/** All parameters, checked. */
export type Settings = Readonly<Required<Omit<BoostingParameters, 'earlyStopping' | 'classWeights'>>> & {
  readonly earlyStopping: BoostingParameters['earlyStopping'];
  readonly classWeights: BoostingParameters['classWeights'];
};

export const LOSSES: readonly LossName[] = [
  'logistic',
  'softmax',
  'squared',
  'poisson',
  'quantile',
  'ranking',
];

const DEFAULTS = {
  trees: 100,
  leaves: 31,
  learningRate: 0.1,
  minLeaf: 20,
  minHessian: 1e-3,
  l2: 0,
  minGain: 0,
  bins: 255,
  columnSample: 1,
  rowSample: 1,
  monotone: {},
  quantile: 0.5,
} as const;

/** @throws MlError `ml.bad_parameter` */
export function settingsOf(parameters: BoostingParameters): Settings {
  const { earlyStopping, classWeights } = parameters;
  const settings = { ...DEFAULTS, ...parameters, earlyStopping, classWeights };
  required(LOSSES.includes(settings.loss), 'loss', `one of ${LOSSES.join(', ')}`, settings.loss);
  whole(settings.trees, 'trees', 1);
  whole(settings.leaves, 'leaves', 2);
  whole(settings.bins, 'bins', 2, 255);
  for (const name of ['learningRate', 'columnSample', 'rowSample'] as const)
    required(settings[name] > 0 && settings[name] <= 1, name, 'above 0 and up to 1', settings[name]);
  for (const name of ['minLeaf', 'minHessian', 'l2', 'minGain'] as const)
    required(
      settings[name] >= 0 && settings[name] < Infinity,
      name,
      'a finite number from 0 up',
      settings[name],
    );
  required(settings.quantile > 0 && settings.quantile < 1, 'quantile', 'between 0 and 1', settings.quantile);
  checkMonotone(settings);
  checkClassWeights(settings);
  if (earlyStopping) {
    const { share, rounds } = earlyStopping;
    required(share > 0 && share < 1, 'earlyStopping.share', 'between 0 and 1', share);
    whole(rounds, 'earlyStopping.rounds', 1);
  }
  return Object.freeze(settings);
}

function whole(value: number, name: string, least: number, most = 2 ** 31): void {
  required(
    Number.isInteger(value) && value >= least && value <= most,
    name,
    most === 2 ** 31 ? `a whole number from ${least} up` : `a whole number from ${least} to ${most}`,
    value,
  );
}

function checkMonotone({ monotone, loss }: Settings): void {
  const [first] = Object.keys(monotone);
  for (const [column, order] of Object.entries(monotone))
    required(Math.abs(order) === 1, `monotone.${column}`, '1 (rises) or -1 (falls)', order);
  required(
    first === undefined || (loss !== 'softmax' && loss !== 'quantile'),
    'monotone',
    'absent with softmax and quantile, whose leaves are not bounded one by one',
    first,
  );
}

function checkClassWeights({ classWeights, loss }: Settings): void {
  if (classWeights === undefined) return;
  required(
    loss === 'logistic' || loss === 'softmax',
    'classWeights',
    'absent where the target is no class',
    JSON.stringify(classWeights),
  );
  if (classWeights !== 'balanced')
    required(
      classWeights.length > 0 && classWeights.every(weight => weight > 0 && weight < Infinity),
      'classWeights',
      'finite and above 0',
      JSON.stringify(classWeights),
    );
}

/** By column: the order that it must keep. @throws MlError `ml.bad_parameter` for columns that cannot have one */
export function monotoneOf(
  { monotone }: Settings,
  names: readonly string[],
  isCategorical: (name: string) => boolean,
): Int8Array {
  for (const column of Object.keys(monotone))
    if (!names.includes(column) || isCategorical(column))
      throw new MlError(
        'ml.bad_parameter',
        `monotone names "${column}", which is no column of numbers of this table; it has ${names.join(', ')}`,
      );
  return Int8Array.from(names, name => (Object.hasOwn(monotone, name) ? monotone[name] : 0));
}

/** As plain values, without what is absent. */
export function plainOf(settings: Settings): Parameters {
  const { earlyStopping, classWeights, ...rest } = settings;
  return Object.freeze({
    ...rest,
    ...(earlyStopping && { earlyStopping }),
    ...(classWeights && { classWeights }),
  });
}
