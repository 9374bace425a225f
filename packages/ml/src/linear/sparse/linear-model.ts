import type { Classifier, Regressor } from '../../estimator.ts';
import { sigmoid } from '../../numeric/logistic.ts';
import type { Saved } from '../../saved.ts';
import type { SparseRows } from '../../sparse.ts';
import type { Stateful } from './incremental.ts';
import { fittingRows, linearScores } from './scores.ts';
import { LOSS, ROWS, WEIGHT, type State } from './state.ts';

/** What a learner of rows tells about how it got here. */
export interface Learned {
  /** Rows it went over, each pass counted. */
  readonly rowsSeen: number;
  /**
   * Mean loss of what was predicted for each row before it was learned from, in the first pass over it: an honest
   * estimate for new rows like these, without a hold-out (progressive validation, Blum and others 1999).
   */
  readonly progressiveLoss: number;
}

/** A model with one weight a feature. */
export interface SparseLinear extends Stateful, Learned {
  /** Of the rows that it takes. */
  readonly width: number;
  readonly intercept: number;
  readonly weights: Float32Array;
  /** Intercept and the sum of weight and value of each row. */
  score(rows: SparseRows): Float64Array;
}

export interface SparseRegressor extends SparseLinear, Regressor<SparseRows> {}

/** Its score is in log-odds. */
export interface SparseClassifier extends SparseLinear, Classifier<SparseRows> {
  logOdds(rows: SparseRows): Float64Array;
}

export interface LinearParts {
  kind: string;
  state: State;
  weights: Float32Array;
  intercept: number;
  save: () => Saved;
}

export function learnedOf({ own }: State): Learned {
  return { rowsSeen: own[ROWS], progressiveLoss: own[LOSS] / own[WEIGHT] };
}

export function linearModel({ kind, state, weights, intercept, save }: LinearParts): SparseLinear {
  const { width } = state;
  return {
    ...{ kind, features: [], width, intercept, weights, state },
    ...learnedOf(state),
    score: rows => linearScores(fittingRows(rows, width), weights, intercept),
    save,
  };
}

export function asClassifier(model: SparseLinear): SparseClassifier {
  return { ...model, logOdds: rows => model.score(rows), predict: rows => model.score(rows).map(sigmoid) };
}

export function asRegressor(model: SparseLinear): SparseRegressor {
  return { ...model, predict: rows => model.score(rows) };
}
