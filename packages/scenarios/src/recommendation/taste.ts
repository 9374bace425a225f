import type { History } from './past.ts';

/** What a history says of prices and categories, and what was looked at without a purchase. */
export interface Taste {
  looked: ReadonlyMap<number, { value: number; days: number }>;
  /** 0 at the usual price, down to -3 far from it; 0 where a price is not known. */
  priceOf(logPrice: number): number;
  /** Share of the history that is of this category; 0 where it is not known. */
  categoryOf(category: number): number;
}

/** A factor of e^0.3 in price is near, whoever it is. */
const LEAST_SPREAD = 0.3;

export function tasteOf(
  { items, values, days, orders }: History,
  logPrices: Float32Array,
  categories: Uint32Array,
): Taste {
  const looked = new Map<number, { value: number; days: number }>();
  const shares = new Map<number, number>();
  let [total, priced, sum, squares] = [0, 0, 0, 0];
  for (let i = 0; i < items.length; i++) {
    const [item, value] = [items[i], values[i]];
    if (orders[i] === 0) looked.set(item, { value, days: days[i] });
    total += value;
    shares.set(categories[item], (shares.get(categories[item]) ?? 0) + value);
    const price = logPrices[item];
    if (Number.isNaN(price)) continue;
    priced += value;
    sum += value * price;
    squares += value * price * price;
  }
  const mean = sum / priced;
  const spread = Math.max(LEAST_SPREAD, Math.sqrt(Math.max(0, squares / priced - mean * mean)));
  return {
    looked,
    priceOf: price => {
      const off = Math.abs(price - mean) / spread;
      return Number.isNaN(off) ? 0 : -Math.min(3, off);
    },
    categoryOf: category => (category === 0 || total === 0 ? 0 : (shares.get(category) ?? 0) / total),
  };
}

/** The mean content of a history by weight, of length 1; zeros where nothing of it has words. */
export function centroid(
  { items, values }: History,
  { vectors, components }: { vectors: Float32Array; components: number },
): Float32Array {
  const mean = new Float32Array(components);
  items.forEach((item, i) => {
    for (let j = 0; j < components; j++) mean[j] += values[i] * vectors[item * components + j];
  });
  const length = Math.hypot(...mean);
  return length === 0 ? mean : mean.map(value => value / length);
}
