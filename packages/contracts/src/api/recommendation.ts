import { z } from 'zod';
import { route } from '../route.ts';
import { CardHeader } from './card.ts';
import { Done, Estimate, Id, Moment } from './shared.ts';
import { Words } from './words.ts';

/** Where a recommended product comes from. */
export const RECOMMENDATION_SOURCES = [
  'als',
  'item-knn',
  'random-walk',
  'ease',
  'sequential',
  'content',
  'popularity',
  'again',
  'pinned',
] as const;
export const RecommendationSource = z.enum(RECOMMENDATION_SOURCES);
export type RecommendationSource = z.infer<typeof RecommendationSource>;

/** One way of recommending, measured inside the training period; the test has no part in the choice. */
export const RecommendationTrial = z.object({
  /** A source, `re-ranker` for all of them weighed together, or `popularity` for the baseline. */
  name: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  ndcg_10: Estimate,
  chosen: z.boolean(),
});
export type RecommendationTrial = z.infer<typeof RecommendationTrial>;

/** The card of a version that tells what to show whom. */
export const RecommendationCard = CardHeader.extend({
  kind: z.literal('recommendation'),
  /** Products and customers that were learned from, and customers who bought something new in the test. */
  products: z.number(),
  customers: z.number(),
  tested: z.number(),
  /** What competed on the validation period, the best first. */
  trials: z.array(RecommendationTrial),
  /** Which of them is used, and why. */
  choice: Words,
  /** What the re-ranker looks at, with its weight for a deviation of one; empty where it is not used. */
  weights: z.array(z.object({ name: z.string(), words: Words, weight: z.number() })),
});
export type RecommendationCard = z.infer<typeof RecommendationCard>;

/** `a,b,c` in a query. */
const Names = z
  .string()
  .max(8000)
  .transform(text =>
    text
      .split(',')
      .map(name => name.trim())
      .filter(name => name !== ''),
  );

export const RecommendationQuery = z.object({
  customer_id: Id.optional(),
  anonymous_id: Id.optional(),
  /** The product that is looked at: what is bought with it. */
  product_id: Id.optional(),
  /** Products in the basket, separated by commas. */
  basket: Names.optional(),
  k: z.coerce.number().int().min(1).max(100).default(10),
  /** Where they will be shown, a word of the caller's own: pins may name it, and impressions are counted by it. */
  surface: z.string().max(100).default(''),
  /** Products that are not wanted, separated by commas. */
  exclude: Names.optional(),
});
export type RecommendationQuery = z.infer<typeof RecommendationQuery>;

export const RecommendedItem = z.object({
  product_id: z.string(),
  /** From 1. */
  position: z.number(),
  /** They rank the products of one answer and say nothing across answers. */
  score: z.number(),
  source: RecommendationSource,
  title: z.string(),
  category: z.string(),
  price: z.number().nullable(),
  currency: z.string(),
  url: z.string(),
  image_url: z.string(),
});
export type RecommendedItem = z.infer<typeof RecommendedItem>;

export const RECOMMENDATION_KINDS = ['person', 'product', 'basket', 'cold'] as const;
export const Recommendations = z.object({
  request_id: z.string(),
  /** 0 while no version is in use: what is popular is shown then. */
  version: z.number(),
  /** The moment up to which events are known. */
  as_of: Moment,
  /** What the answer rests on: the person's history, the product, the basket, or nothing but what is popular. */
  kind: z.enum(RECOMMENDATION_KINDS),
  items: z.array(RecommendedItem),
});
export type Recommendations = z.infer<typeof Recommendations>;

const Share = z.number().min(0).max(1);

export const RecommendationDials = z.object({
  /** 0 is the ranking as it is; 1 puts unlike products above likely ones. */
  diversity: Share.default(0.2),
  /** How much what everybody knows is held back. */
  novelty: Share.default(0),
  /** How much margin counts beside the ranking; products whose cost is not known count as average. */
  margin: Share.default(0),
  /** Leave out what is out of stock. */
  stock: z.boolean().default(true),
  /** Allow what the person has bought already. */
  repeats: z.boolean().default(false),
});
export type RecommendationDials = z.infer<typeof RecommendationDials>;

export const RecommendationPin = z.object({
  product_id: Id,
  /** From 1; the first free place where absent. */
  position: z.number().int().min(1).max(100).optional(),
  /** Only there; everywhere where absent. */
  surface: z.string().max(100).optional(),
  until: Moment.optional(),
});
export type RecommendationPin = z.infer<typeof RecommendationPin>;

/** What a person rules of every list. A pinned product that is blocked, excluded or out of stock is not shown. */
export const RecommendationSettings = z.object({
  dials: RecommendationDials.prefault({}),
  pins: z.array(RecommendationPin).max(200).default([]),
  /** Products and categories, by id and by name. */
  blocked: z.array(Id).max(5000).default([]),
});
export type RecommendationSettings = z.infer<typeof RecommendationSettings>;

export const recommendation = {
  recommend: route({
    method: 'GET',
    path: '/v1/recommendations',
    summary: 'Ranked products for a person, a product, a basket or a visitor who is not known',
    access: 'read',
    query: RecommendationQuery,
    reply: Recommendations,
  }),
  settings: route({
    method: 'GET',
    path: '/v1/recommendations/settings',
    summary: 'Dials, pinned and blocked products of recommendations',
    access: 'read',
    reply: RecommendationSettings,
  }),
  setSettings: route({
    method: 'PUT',
    path: '/v1/recommendations/settings',
    summary: 'Change dials, pinned and blocked products; they hold within a second',
    access: 'write',
    body: RecommendationSettings,
    reply: Done,
  }),
};
