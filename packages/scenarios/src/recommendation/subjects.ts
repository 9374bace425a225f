import type { Milliseconds } from '@bellwether/contracts';
import type { Excluding, Feature, Stores, Subjects } from '@bellwether/pipeline';
import { historyAt, isKnown, readPast, type Past } from './past.ts';

/** What is known of each customer, in numbers: what lists are made from. */
export const FEATURES: readonly Feature[] = [
  {
    name: 'bought',
    words: { en: 'bought {value} different products', 'zh-CN': '购买过 {value} 种商品' },
    unit: 'products',
    skewed: true,
  },
  {
    name: 'looked',
    words: { en: 'looked at {value} products without buying them', 'zh-CN': '浏览过 {value} 种未购买的商品' },
    unit: 'products',
    skewed: true,
  },
  {
    name: 'strength',
    words: { en: 'has told {value} of their taste', 'zh-CN': '口味信息量为 {value}' },
    unit: 'ratio',
  },
  {
    name: 'recency_days',
    words: { en: 'did something {value} days ago', 'zh-CN': '{value} 天前有过行为' },
    unit: 'days',
    skewed: true,
  },
  {
    name: 'price',
    words: { en: 'chooses products of about {value}', 'zh-CN': '常选价格约为 {value} 的商品' },
    unit: 'currency',
    skewed: true,
  },
];

/** Every known customer with a deed before the moment. */
export async function* recommendationSubjects(
  { warehouse }: Stores,
  asOf: Milliseconds,
  options: Excluding & { signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Subjects> {
  const past = await readPast(warehouse, asOf, options);
  const ids: string[] = [];
  const columns: number[][] = FEATURES.map(() => []);
  for (let row = 0; row < past.histories.rows; row++) {
    const id = past.histories.ids.at(row);
    if (!isKnown(id)) continue;
    ids.push(id);
    featuresAt(past, row).forEach((value, j) => columns[j].push(value));
  }
  const table = { names: FEATURES.map(({ name }) => name), rows: ids.length };
  yield { asOf, ids, table: { ...table, columns: columns.map(column => Float32Array.from(column)) } };
}

function featuresAt({ catalogue, histories }: Past, row: number): number[] {
  const { items, values, days, orders } = historyAt(histories, row);
  const bought = orders.reduce((sum, count) => sum + Number(count > 0), 0);
  const prices = [...items].map(item => catalogue[item].price).filter(price => price !== null);
  return [
    bought,
    items.length - bought,
    values.reduce((sum, value) => sum + value, 0),
    days.reduce((least, age) => Math.min(least, age), Infinity),
    prices.length === 0 ? NaN : prices.reduce((sum, price) => sum + price, 0) / prices.length,
  ];
}
