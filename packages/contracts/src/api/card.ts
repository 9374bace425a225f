import { z } from 'zod';
import { Estimate, Moment } from './shared.ts';
import { Words } from './words.ts';

export const FIGURE_UNITS = ['number', 'share', 'points', 'currency', 'orders', 'days', 'times'] as const;
/** What a version came to on rows that it had not seen, with its baseline beside it. */
export const Figure = z.object({
  /** As in `ndcg_10`; the same name means the same definition in every card. */
  name: z.string(),
  words: Words,
  unit: z.enum(FIGURE_UNITS),
  better: z.enum(['higher', 'lower']),
  model: Estimate,
  /** Nothing where the baseline has no such figure. */
  baseline: Estimate.nullable(),
});
export type Figure = z.infer<typeof Figure>;

/** What the card of every kind of scenario tells: how the version came to be and how good it is. */
export const CardHeader = z.object({
  scenario: z.string(),
  estimator: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  seed: z.number(),
  horizon_days: z.number(),
  /** Moments whose features and later outcomes were learned from, and the one that was tested on. */
  train_moments: z.array(Moment),
  test_moment: Moment,
  train_rows: z.number(),
  baseline_name: Words,
  beats_baseline: z.boolean(),
  /** The first is the one by which versions are compared. */
  figures: z.array(Figure).min(1),
  data: z.object({
    fingerprint: z.string(),
    orders: z.number(),
    customers: z.number(),
    first_at: Moment,
    last_at: Moment,
  }),
  /** What the version cannot do or was not shown to do, in a sentence each. */
  limits: z.array(Words),
});
export type CardHeader = z.infer<typeof CardHeader>;
