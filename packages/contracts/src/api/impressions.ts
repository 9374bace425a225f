import { z } from 'zod';
import { route } from '../route.ts';
import { RecommendationQuery, Recommendations, RecommendationSettings } from './recommendation.ts';
import { Done, Estimate, Id, Moment } from './shared.ts';

/** Events of recommendations, as the warehouse is told them; each has its properties below. */
export const RECOMMENDATION_EVENTS = {
  /** A list was made for somebody: by the widget's door, or for a message that was sent. */
  served: 'Recommendation Served',
  /** It was seen. A caller of `GET /v1/recommendations` tells the products with it. */
  shown: 'Recommendation Shown',
  /** A product of it was chosen. */
  clicked: 'Recommendation Clicked',
} as const;

/** The surface of lists in e-mails. */
export const EMAIL_SURFACE = 'email';

/** What the hold-out sees in the place of recommendations. */
export const HOLDOUT_SHOWS = ['popular', 'nothing'] as const;
export const HoldoutShows = z.enum(HOLDOUT_SHOWS);
export type HoldoutShows = z.infer<typeof HoldoutShows>;

const Surface = z.string().max(100);
/** `https://shop.example`, as a browser says where a page comes from. */
const Origin = z
  .string()
  .max(255)
  .regex(/^https?:\/\/[^/\s]+$/, 'must look like https://shop.example, without a path');

/** What a person rules of how recommendations are shown and measured. */
export const RecommendationUse = z.object({
  holdout: z
    .object({
      /** Share of people who are shown something else, so that it is known what recommendations are worth. */
      share: z.number().min(0).max(0.5).default(0.1),
      shows: HoldoutShows.default('popular'),
      /** Where the hold-out sees something else than it sees elsewhere. */
      surfaces: z.record(Surface, HoldoutShows).default({}),
    })
    .prefault({}),
  /** Days after a first list, or after a click, in which what is bought counts. */
  window_days: z.number().int().min(1).max(90).default(7),
  /** Pages that may show the widget, beside the shop's own address and this server's. */
  origins: z.array(Origin).max(100).default([]),
});
export type RecommendationUse = z.infer<typeof RecommendationUse>;

/** One arm of the comparison. A list counts as clicked once, however many of its products were. */
export const RecommendationArm = z.object({
  persons: z.number(),
  /** Lists that were made, seen, and clicked on. */
  lists: z.number(),
  shown: z.number(),
  clicked: z.number(),
  /** Messages with a list that were opened: told apart, as a list in a message counts as seen when it is sent. */
  opened: z.number(),
  /** Share of the lists seen that were clicked on; the interval is over people, who see several. */
  click_through: Estimate,
  buyers: z.number(),
  /** Share of people who bought anything within the window. */
  conversion: Estimate,
  orders: z.number(),
  revenue: z.number(),
});
export type RecommendationArm = z.infer<typeof RecommendationArm>;

/** What followed clicks: the same person added or bought the product that they chose, within the window. */
export const RecommendationFollowed = z.object({
  clicks: z.number(),
  added: z.number(),
  ordered: z.number(),
  revenue: z.number(),
});

/** Everybody who was to be shown a list counts in the arm of their first one, seen or not (intention to treat). */
export const SurfaceResults = z.object({
  /** `*` for all of them together. */
  surface: z.string(),
  treated: RecommendationArm,
  holdout: RecommendationArm,
  /** Treated less hold-out. */
  click_through_lift: Estimate,
  conversion_lift: Estimate,
  /** Revenue of a person within the window. */
  revenue_lift: Estimate,
  /** Probability of a split as uneven as this, had the arms been drawn as they should. */
  sample_ratio_p: z.number().nullable(),
  /** People needed in all to see a change of a tenth in conversion four times out of five; null where nobody can say. */
  needed: z.number().nullable(),
  followed: RecommendationFollowed,
});
export type SurfaceResults = z.infer<typeof SurfaceResults>;

export const RecommendationResults = z.object({
  since: Moment,
  as_of: Moment,
  window_days: z.number(),
  currency: z.string(),
  holdout_share: z.number(),
  /** All together first, then each surface, the most seen first. */
  surfaces: z.array(SurfaceResults),
  /** Click-through of the lists of each week, which begins on a Monday. */
  weeks: z.array(
    z.object({
      surface: z.string(),
      week: z.string(),
      treated: Estimate,
      holdout: Estimate,
    }),
  ),
});
export type RecommendationResults = z.infer<typeof RecommendationResults>;

/** What anybody may know of a product. */
export const ShownProduct = z.object({
  product_id: z.string(),
  position: z.number(),
  title: z.string(),
  price: z.number().nullable(),
  currency: z.string(),
  url: z.string(),
  image_url: z.string(),
});
export type ShownProduct = z.infer<typeof ShownProduct>;

export const WidgetQuery = RecommendationQuery.omit({ customer_id: true }).extend({
  /** A key with the scope `track`, which is safe in a page. */
  key: z.string().max(200),
  /** Somebody signed in at the shop, with the shop's signature of their id. */
  user_id: Id.optional(),
  user_token: z.string().max(200).optional(),
  k: z.coerce.number().int().min(1).max(24).default(4),
});

export const WidgetList = z.object({ request_id: z.string(), items: z.array(ShownProduct) });
export type WidgetList = z.infer<typeof WidgetList>;

/** What a page needs to show the widget. */
export const WidgetSetup = z.object({
  script_url: z.string(),
  /** The first write key; null once it was revoked: use another with the scope `track`. */
  write_key: z.string().nullable(),
  /** For the shop's own server, never for a page: signs the ids of people who are signed in. */
  signing_secret: z.string(),
});
export type WidgetSetup = z.infer<typeof WidgetSetup>;

export const CatalogueProduct = z.object({
  product_id: z.string(),
  title: z.string(),
  category: z.string(),
  price: z.number().nullable(),
  currency: z.string(),
  image_url: z.string(),
});
export type CatalogueProduct = z.infer<typeof CatalogueProduct>;

export const RecommendationPreview = z.object({
  /** What they would be shown. */
  shown: Recommendations,
  /** What the hold-out would be. */
  popular: Recommendations,
});
export type RecommendationPreview = z.infer<typeof RecommendationPreview>;

export const impressions = {
  results: route({
    method: 'GET',
    path: '/v1/recommendations/results',
    summary: 'Click-through, conversion and revenue of those who see recommendations beside the hold-out',
    access: 'read',
    query: z.object({ days: z.coerce.number().int().min(1).max(730).default(90) }),
    reply: RecommendationResults,
  }),
  use: route({
    method: 'GET',
    path: '/v1/recommendations/use',
    summary: 'The hold-out of recommendations, the window of what counts, and pages that may show the widget',
    access: 'read',
    reply: RecommendationUse,
  }),
  setUse: route({
    method: 'PUT',
    path: '/v1/recommendations/use',
    summary: 'Change the hold-out, the window and the pages; it holds within a second',
    access: 'write',
    body: RecommendationUse,
    reply: Done,
  }),
  preview: route({
    method: 'POST',
    path: '/v1/recommendations/preview',
    summary: 'What would be shown beside what is popular, under the rules of today or others; counts nothing',
    access: 'read',
    body: RecommendationQuery.extend({
      k: z.number().int().min(1).max(24).default(6),
      settings: RecommendationSettings.optional(),
    }),
    reply: RecommendationPreview,
  }),
  products: route({
    method: 'GET',
    path: '/v1/recommendations/products',
    summary: 'Products by words of their title, their category or their id',
    access: 'read',
    query: z.object({
      search: z.string().max(200).default(''),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
    reply: z.array(CatalogueProduct),
  }),
  setup: route({
    method: 'GET',
    path: '/v1/recommendations/widget',
    summary: 'What a page needs to show the widget',
    access: 'write',
    reply: WidgetSetup,
  }),
  widget: route({
    method: 'GET',
    path: '/v1/widget/recommendations',
    summary: 'Products for the visitor of a page, by its public write key; made for the widget',
    access: 'public',
    query: WidgetQuery,
    reply: WidgetList,
  }),
};
