import type { Work } from '@bellwether/contracts';
import { classifierOutcome } from './evaluation/index.ts';
import {
  featuresInBatches,
  classifierQuestion,
  type ClassifierDefinition,
  type ClassifierQuestion,
  type Scenario,
  type TrainOptions,
} from './features/index.ts';
import { predictWithClassifier, scoreWithClassifier } from './prediction/index.ts';
import { judgeClassifier, trainClassifier, type ClassifierVersion } from './train-classifier.ts';
import type { Stores } from './stores.ts';
import { classifierNeeds, keptClassifier } from './training/index.ts';

/** A scenario that tells a probability, with the SQL that it reads. */
export type ClassifierScenario = ClassifierQuestion &
  Omit<Scenario, 'train'> & {
    train(stores: Stores, options?: TrainOptions, work?: Work): Promise<ClassifierVersion>;
  };

/**
 * A question with yes or no for an answer that the seven stages can answer, from its declaration.
 *
 * `features.sql` is given `{as_of}`; where it reads rows by customer it may say
 * `({everybody:Bool} OR customer_id IN (SELECT customer_id FROM chosen))`, `chosen` being a table expression that the pipeline
 * puts before it: then scoring who changed, and answering for one customer, cost what those customers cost. What belongs
 * to the whole shop is read without that condition. A `features.sql` that does not say so is right too, and computed for everybody.
 *
 * @throws AppError `scenario.bad_definition` with the field that is wrong
 * @example
 * export const purchasePrediction = defineClassifier({ name: 'purchase-prediction', horizonDays: 30, … });
 */
export function defineClassifier(definition: ClassifierDefinition): ClassifierScenario {
  const question = classifierQuestion(definition);
  return Object.freeze({
    ...question,
    kind: 'classifier' as const,
    needs: stores => classifierNeeds(stores, question),
    subjects: ({ warehouse }, asOf, options) => featuresInBatches(warehouse, question, asOf, options),
    train: (stores, options, work) => trainClassifier(stores, question, options, work),
    apply: (stores, options, work) => scoreWithClassifier(stores, question, options, work),
    judge: (stores, version, asOf, options) => judgeClassifier(stores, question, version, asOf, options),
    outcome: async (stores, run, options) => {
      const kept = await keptClassifier(stores.records, question.name, run.version);
      return kept && classifierOutcome(stores, question, run, kept.card.model.threshold, options);
    },
    predict: (stores, request) => predictWithClassifier(stores, question, request),
  } satisfies ClassifierScenario);
}
