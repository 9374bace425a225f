import type { Estimator, FitOptions, Model, Parameters } from '../estimator.ts';
import { MlError } from '../errors.ts';
import type { Make } from '../family.ts';
import type { Json } from '../saved.ts';
import type { Table } from '../table.ts';
import type { Augmentation } from './augmentation.ts';
import { mixUp } from './mix-up.ts';
import { noise } from './noise.ts';
import { smote } from './smote.ts';

const MAKERS = { mixUp, noise, smote } as const;

/**
 * The estimator, fitted to augmented rows. Rows are added inside the fit, so that cross-validation, a search or a pipeline
 * never judges a model by a row that was made, nor makes one from a row that it is judged by. Groups would no longer fit
 * the rows, so they are refused.
 *
 * @example
 * const scores = await crossValidate(augmented(logistic(), smote()), table, target);
 */
export function augmented<M extends Model>(
  estimator: Estimator<M>,
  augmentation: Augmentation,
): Estimator<M> {
  const described = ({ name, parameters }: { name: string; parameters: Parameters }) => ({
    name,
    parameters,
  });
  return Object.freeze({
    name: 'augmented',
    parameters: Object.freeze({
      estimator: described(estimator),
      augmentation: described(augmentation),
    }),
    fit: async (table: Table, target: Float32Array, options: FitOptions = {}) => {
      if (options.groups)
        throw new MlError('ml.bad_parameter', 'groups must be absent: rows that are made belong to no group');
      const rows = augmentation.apply(table, target, options);
      return estimator.fit(rows.table, rows.target, { ...options, weights: rows.weights });
    },
  });
}

/** The estimator of its parameters as plain values. */
export function augmentedOf(parameters: { estimator?: Json; augmentation?: unknown }, make: Make): Estimator {
  const { name, parameters: own } = (parameters.augmentation ?? {}) as { name?: unknown; parameters?: never }; // looked at next
  if (typeof name !== 'string' || !Object.hasOwn(MAKERS, name))
    throw new MlError('ml.bad_parameter', `augmentation must be one of ${Object.keys(MAKERS).join(', ')}`);
  const augmentation = MAKERS[name as keyof typeof MAKERS](own); // one of its own keys; the maker checks the parameters
  return augmented(make.estimator(parameters.estimator), augmentation);
}
