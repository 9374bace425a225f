import { z } from 'zod';
import { CardHeader } from './card.ts';
import { Estimate, Moment } from './shared.ts';
import { Words } from './words.ts';

/** What a classifier did on rows it had not seen. */
export const ClassifierFigures = z.object({
  n: z.number(),
  positives: z.number(),
  auc: Estimate,
  /** Where precision, recall and F1 are taken: best F1 in the calibration period, never the test's. */
  threshold: z.number(),
  precision: z.number(),
  recall: z.number(),
  f1: z.number(),
  log_loss: z.number(),
  brier: z.number(),
  /** Expected calibration error over ten equal-sized bins. */
  calibration_error: z.number(),
  /** Rate of positives in the best-scored tenth over the overall rate. */
  top_decile_lift: z.number(),
});
export type ClassifierFigures = z.infer<typeof ClassifierFigures>;

/** Curves that the console draws, all from the test period. */
export const ClassifierCurves = z.object({
  roc: z.array(z.object({ fpr: z.number(), tpr: z.number() })),
  baseline_roc: z.array(z.object({ fpr: z.number(), tpr: z.number() })),
  calibration: z.array(
    z.object({
      predicted: z.number(),
      observed: z.number(),
      low: z.number(),
      high: z.number(),
      n: z.number(),
    }),
  ),
  gain: z.array(z.object({ share: z.number(), model: z.number(), baseline: z.number() })),
  /** Expected profit per 1,000 customers at each threshold. */
  profit: z.array(z.object({ threshold: z.number(), profit: z.number(), contacted: z.number() })),
});
export type ClassifierCurves = z.infer<typeof ClassifierCurves>;

/** Methods that compete for a classifier, the simplest first. */
export const CLASSIFIER_FAMILIES = ['logistic', 'tree', 'forest', 'boosting', 'perceptron'] as const;
export type ClassifierFamily = (typeof CLASSIFIER_FAMILIES)[number];

/** What one family came to on rows held back inside the training period: the test has no part in it. */
export const FamilyTrial = z.object({
  family: z.enum(CLASSIFIER_FAMILIES),
  /** The steps of its best, as `impute > standardise > logistic`. */
  method: z.string(),
  /** Its best parameters, of those that were tried. */
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  log_loss: Estimate,
  auc: Estimate,
  /** Settings that were fitted and judged. */
  trials: z.number(),
  /** Rows that its best learned from when it was judged. */
  rows: z.number(),
  seconds: z.number(),
  chosen: z.boolean(),
  why: Words,
});
export type FamilyTrial = z.infer<typeof FamilyTrial>;

/** The card of a version that tells a probability. */
export const ClassifierCard = CardHeader.extend({
  kind: z.literal('classifier'),
  calibration_moment: Moment,
  features: z.array(
    z.object({
      name: z.string(),
      words: Words,
      /** Of linear models alone, standardised. */
      weight: z.number().nullable(),
      /** Mean size of what the feature moves the log-odds by. */
      importance: z.number(),
    }),
  ),
  /** Of methods that iterate to an optimum. */
  convergence: z
    .object({ iterations: z.number(), converged: z.boolean(), gradient: z.number(), objective: z.number() })
    .nullable(),
  /** All that competed, the simplest first; none in versions made before there was a competition. */
  families: z.array(FamilyTrial),
  /** Other rules on the same test, besides the baseline. */
  rivals: z.array(z.object({ name: Words, figures: ClassifierFigures, auc_gain: Estimate })),
  model: ClassifierFigures,
  baseline: ClassifierFigures,
  /** Difference of AUC, model less baseline, by paired bootstrap. */
  auc_gain: Estimate,
  threshold: z.number(),
  value: z.object({
    margin: z.number(),
    contact_cost: z.number(),
    currency: z.string(),
    /** The decision rule in words. */
    why: Words,
  }),
  curves: ClassifierCurves,
});
export type ClassifierCard = z.infer<typeof ClassifierCard>;
