import type {
  CatalogueProduct,
  Estimate,
  RecommendationArm,
  RecommendationPreview,
  RecommendationResults,
  RecommendationUse,
  SurfaceResults,
  WidgetList,
  WidgetSetup,
} from '@bellwether/contracts';
import { ago } from './made.ts';
import { recommendations } from './recommendation-fixtures.ts';

const between = (value: number, half: number, n: number): Estimate => ({
  ...{ value, low: value - half, high: value + half, n },
});

const arm = (persons: number, rate: number, clicks: number, revenue: number): RecommendationArm => ({
  ...{ persons, lists: persons * 3, shown: persons * 2, clicked: Math.round(persons * 2 * clicks) },
  ...{ opened: 0, buyers: Math.round(persons * rate), orders: Math.round(persons * rate * 1.2) },
  ...{ click_through: between(clicks, 0.14 / Math.sqrt(persons), persons * 2) },
  ...{ conversion: between(rate, 0.4 / Math.sqrt(persons), persons), revenue: persons * revenue },
});

const surface = (name: string, persons: number, lift: number, half: number): SurfaceResults => ({
  surface: name,
  treated: arm(persons, 0.062, 0.041, 2.61),
  holdout: arm(Math.round(persons / 9), 0.055, 0.041 - lift, 2.3),
  click_through_lift: between(lift, half, Math.round((persons * 20) / 9)),
  conversion_lift: between(0.007, 0.9 / Math.sqrt(persons), Math.round((persons * 10) / 9)),
  revenue_lift: between(0.31, 40 / Math.sqrt(persons), Math.round((persons * 10) / 9)),
  sample_ratio_p: 0.41,
  needed: 142_000,
  followed: { clicks: Math.round(persons * 0.08), added: 210, ordered: 96, revenue: 2_184 },
});

const results: RecommendationResults = {
  ...{ since: ago(90 * 1440), as_of: ago(0), window_days: 7, currency: 'GBP', holdout_share: 0.1 },
  surfaces: [
    surface('*', 9_840, 0.012, 0.008),
    surface('home', 6_020, 0.015, 0.011),
    surface('product', 3_160, 0.006, 0.013),
    surface('email', 1_240, 0.009, 0.02),
  ],
  weeks: ['*', 'home'].flatMap(name =>
    Array.from({ length: 10 }, (_, week) => ({
      surface: name,
      week: new Date(Date.UTC(2026, 8, 14 + 7 * week)).toISOString().slice(0, 10),
      treated: between(0.038 + 0.003 * Math.sin(week), 0.006, 1_900),
      holdout: between(0.028 + 0.003 * Math.cos(week), 0.013, 210),
    })),
  ),
};

const use: RecommendationUse = {
  holdout: { share: 0.1, shows: 'popular', surfaces: { basket: 'nothing' } },
  ...{ window_days: 7, origins: ['https://shop.example'] },
};

const preview: RecommendationPreview = {
  shown: recommendations,
  popular: {
    ...recommendations,
    kind: 'cold',
    items: [...recommendations.items]
      .reverse()
      .map((item, at) => ({ ...item, position: at + 1, source: 'popularity' })),
  },
};

const products: CatalogueProduct[] = recommendations.items.map(
  ({ product_id, title, category, price, currency, image_url }) => ({
    ...{ product_id, title, category, price, currency, image_url },
  }),
);

const setup: WidgetSetup = {
  script_url: 'https://bellwether.shop.example/widget.js',
  write_key: 'bw_track_2f1c9d',
  signing_secret: '4f0e9d0c8f6f0c3f7a11',
};

const list: WidgetList = { request_id: recommendations.request_id, items: recommendations.items };

export const answers = {
  'GET /v1/recommendations/results': results,
  'GET /v1/recommendations/use': use,
  'PUT /v1/recommendations/use': { ok: true },
  'POST /v1/recommendations/preview': preview,
  'GET /v1/recommendations/products': products,
  'GET /v1/recommendations/widget': setup,
  'GET /v1/widget/recommendations': list,
};
