import { z } from 'zod';
import { CardHeader } from './card.ts';

/** The card of a version that tells where customers are and what they will be worth. */
export const LifecycleCard = CardHeader.extend({
  kind: z.literal('lifecycle'),
});
export type LifecycleCard = z.infer<typeof LifecycleCard>;

export const lifecycle = {};
