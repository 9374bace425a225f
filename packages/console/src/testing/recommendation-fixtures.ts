import type { RecommendationSettings, Recommendations } from '@bellwether/contracts';
import { ago } from './made.ts';

const PRODUCTS = [
  ['P0001', 'Northfield House Blend No. 1', 'Coffee', 14.2, 'als'],
  ['P0010', 'Lantern Oolong No. 10', 'Tea', 11.9, 'sequential'],
  ['P0003', 'Mossbank Kettle No. 3', 'Kitchen', 38, 'item-knn'],
  ['P0154', 'Harbour Tasting Box No. 154', 'Gifts', 45.5, 'content'],
  ['P0007', 'Juniper Tea Atlas No. 7', 'Books', null, 'popularity'],
] as const;

export const recommendations: Recommendations = {
  request_id: '0b6f6e0a-5f5e-4f0e-9d0c-8f6f0c3f7a11',
  version: 3,
  as_of: ago(0),
  kind: 'person',
  items: PRODUCTS.map(([product_id, title, category, price, source], i) => ({
    product_id,
    position: i + 1,
    score: 1 - 0.13 * i,
    source,
    title,
    category,
    price,
    currency: 'GBP',
    url: `https://shop.example/p/${product_id}`,
    image_url: '',
  })),
};

export const recommendationSettings: RecommendationSettings = {
  dials: { diversity: 0.2, novelty: 0, margin: 0, stock: true, repeats: false },
  pins: [{ product_id: 'P0154', position: 1, surface: 'home' }],
  blocked: ['P0099', 'Clearance'],
};
