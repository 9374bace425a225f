import { z } from 'zod';
import { CardHeader } from './card.ts';

/** The card of a version that tells who customers are: segments. */
export const ProfileCard = CardHeader.extend({
  kind: z.literal('profile'),
});
export type ProfileCard = z.infer<typeof ProfileCard>;

export const profile = {};
