import type { Milliseconds } from '@bellwether/contracts';
import { drawsFor, type Draws } from './random.ts';

export interface Product {
  id: string;
  title: string;
  category: number;
  brand: string;
  price: number;
  /** What the shop pays for one. */
  cost: number;
  /** Pieces on the shelf when the market opens. */
  stock: number;
  /** How much of the demand in its category falls to it. */
  appeal: number;
}

export const CATEGORIES = [
  { name: 'Coffee', price: 14, nouns: ['House Blend', 'Single Origin', 'Espresso Roast', 'Decaf'] },
  { name: 'Tea', price: 11, nouns: ['Oolong', 'Jasmine Green', 'Earl Grey', 'Pu-erh'] },
  { name: 'Kitchen', price: 38, nouns: ['Kettle', 'Pour-over Set', 'Grinder', 'Scale'] },
  { name: 'Tableware', price: 22, nouns: ['Cup Pair', 'Saucer', 'Tumbler', 'Tray'] },
  { name: 'Snacks', price: 8, nouns: ['Almond Biscuits', 'Dark Chocolate', 'Dried Mango', 'Sesame Crisps'] },
  { name: 'Gifts', price: 45, nouns: ['Tasting Box', 'Gift Set', 'Sampler', 'Hamper'] },
  { name: 'Books', price: 18, nouns: ['Brewing Guide', 'Tea Atlas', 'Recipe Book', 'Origins'] },
  { name: 'Home', price: 29, nouns: ['Candle', 'Linen Towel', 'Vase', 'Throw'] },
] as const;

const BRANDS = ['Northfield', 'Lantern', 'Quill & Co', 'Mossbank', 'Harbour', 'Juniper'];

/** A catalogue in which a few products of each category sell most, as in a real shop. */
export function makeCatalogue(seed: number, count: number): Product[] {
  return Array.from({ length: count }, (_, n) => makeProduct(n, drawsFor(seed, 1, n)));
}

function makeProduct(n: number, draws: Draws): Product {
  const category = n % CATEGORIES.length;
  const { nouns, price } = CATEGORIES[category] ?? CATEGORIES[0];
  const brand = draws.pick(BRANDS);
  const title = `${brand} ${draws.pick(nouns)} No. ${n + 1}`;
  const asked = Math.round(price * Math.exp(0.35 * draws.normal()) * 100) / 100;
  const appeal = draws.gamma(0.5, 1);
  return {
    id: `P${String(n + 1).padStart(4, '0')}`,
    title,
    category,
    brand,
    price: asked,
    // drawn after the rest: what was there before is drawn as it was
    cost: Math.round(asked * (0.35 + 0.35 * draws.uniform()) * 100) / 100,
    stock: draws.chance(0.06) ? 0 : 5 + draws.below(200),
    appeal,
  };
}

/** The catalogue as the file that the shop's owner would export, as of a moment. */
export function catalogueCsv(products: readonly Product[], at: Milliseconds): string {
  const moment = new Date(at).toISOString();
  const lines = products.map(({ id, title, category, brand, price, cost, stock }) =>
    [id, moment, title, CATEGORIES[category]?.name ?? '', brand, price, cost, 'GBP', stock, `/products/${id}`]
      .map(value => `"${String(value)}"`)
      .join(','),
  );
  return ['product_id,at,title,category,brand,price,cost,currency,stock,url', ...lines, ''].join('\n');
}
