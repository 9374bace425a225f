import { AppError, CLASSIFIER_FAMILIES, type ClassifierFamily, type Words } from '@bellwether/contracts';
import type { Classifier, Estimator } from '@bellwether/ml';
import { sqlBeside } from '@bellwether/warehouse';
import type { Feature } from './scenario.ts';

/** What a model is compared with. */
export interface Rule {
  name: Words;
  estimator: Estimator<Classifier>;
}

/** A question with yes or no for an answer: what the generic steps of a classifier need to know of it. */
export interface ClassifierDefinition {
  name: string;
  title: Words;
  question: Words;
  /** `import.meta.url` of the declaration; `features.sql` and `label.sql` stand beside it. */
  home: string;
  /** Days after a moment in which the outcome happens or does not. */
  horizonDays: number;
  /** The columns of `features.sql` beside `customer_id`, in its order. */
  features: readonly Feature[];
  /** Which methods compete; all five where absent. */
  families?: readonly ClassifierFamily[];
  /** The plain rule that the model has to beat. */
  baseline: Rule;
  /** Other rules whose figures on the same test stand beside the model's. */
  rivals?: readonly Rule[];
  /** The least that the data must hold before anything is learned. */
  least: { customers: number; historyDays: number; outcomes: number };
}

/** A definition with its SQL, checked. */
export interface ClassifierQuestion extends ClassifierDefinition {
  /** One row is one subject as of `{as_of}`: `customer_id` and the features. */
  featuresSql: string;
  /** One row is one subject for whom the outcome happened in `{horizon_days}` days after `{as_of}`: `customer_id`. */
  labelSql: string;
}

/**
 * Checks a definition and reads its SQL.
 *
 * @throws AppError `scenario.bad_definition` with the field that is wrong
 */
export function classifierQuestion(definition: ClassifierDefinition): ClassifierQuestion {
  const wrong = faultOf(definition);
  if (wrong !== undefined)
    throw new AppError('scenario.bad_definition', `scenario "${definition.name}": ${wrong}`);
  return Object.freeze({
    ...definition,
    featuresSql: sqlBeside(definition.home, 'features.sql'),
    labelSql: sqlBeside(definition.home, 'label.sql'),
  });
}

function faultOf({
  name,
  horizonDays,
  features,
  families = CLASSIFIER_FAMILIES,
}: ClassifierDefinition): string | undefined {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) return 'its name must be small letters, digits and hyphens';
  if (!Number.isInteger(horizonDays) || horizonDays < 1) return 'its horizon must be a whole number of days';
  if (families.length === 0) return 'it names no family of methods that competes';
  const repeated = features.find(
    (feature, i) => features.findIndex(other => other.name === feature.name) !== i,
  );
  if (repeated) return `the feature "${repeated.name}" is declared twice`;
  const mute = features.find(({ words }) => !Object.values(words).every(text => text.includes('{value}')));
  return mute && `the words of the feature "${mute.name}" must hold {value} in each language`;
}
