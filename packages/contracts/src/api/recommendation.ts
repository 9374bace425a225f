import { z } from 'zod';
import { CardHeader } from './card.ts';

/** The card of a version that tells what to show whom. */
export const RecommendationCard = CardHeader.extend({
  kind: z.literal('recommendation'),
});
export type RecommendationCard = z.infer<typeof RecommendationCard>;

export const recommendation = {};
