import { CLASSIFIER_FAMILIES, type Clock, type Work } from '@bellwether/contracts';
import type { Classifier } from '@bellwether/ml';
import type { ClassifierQuestion, LabelledSubjects, Rule } from '../features/index.ts';
import { compete, timeSplitsOf, type Competition } from './compete.ts';
import { fiveFamilies } from './families.ts';

/** A rule, fitted. */
export interface FittedRule extends Omit<Rule, 'estimator'> {
  model: Classifier;
}

/** All that was learned from the past, before anything was tested. */
export interface Fitted extends Competition {
  baseline: FittedRule;
  rivals: FittedRule[];
}

/**
 * Lets the families compete on the training moments, calibrates the winner on the moment after them, and fits what it is
 * compared with to the same rows. What is tested on is not among its arguments.
 *
 * @param train one part a moment, the newest last
 * @throws MlError `ml.one_class` when nobody, or everybody, bought
 */
export async function fitScenario(
  scenario: ClassifierQuestion,
  train: readonly LabelledSubjects[],
  calibration: LabelledSubjects,
  { seed, clock }: { seed: number; clock: Clock },
  work: Work = {},
): Promise<Fitted> {
  const { families = CLASSIFIER_FAMILIES, features } = scenario;
  const log = features.filter(({ skewed }) => skewed).map(({ name }) => name);
  const candidates = fiveFamilies({ log }).filter(({ family }) => families.includes(family));
  const { data, splits } = timeSplitsOf(train);
  const fitted = async ({ name, estimator }: Rule): Promise<FittedRule> => ({
    name,
    model: await estimator.fit(data.table, data.target, { signal: work.signal }),
  });
  const won = await compete({ candidates, data, splits, calibration, seed, clock }, work);
  const rivals: FittedRule[] = [];
  for (const rule of scenario.rivals ?? []) rivals.push(await fitted(rule));
  return { ...won, baseline: await fitted(scenario.baseline), rivals };
}
