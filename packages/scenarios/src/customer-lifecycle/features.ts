import type { Feature, FeatureUnit } from '@bellwether/pipeline';

const feature = (name: string, unit: FeatureUnit, en: string, zh: string): Feature => ({
  name,
  unit,
  words: { en, 'zh-CN': zh },
});

/** The columns of `features.sql`, in its order, as reasons that a marketer reads. */
export const FEATURES: readonly Feature[] = [
  feature('frequency', 'times', 'came back {value} times', '复购 {value} 次'),
  feature('recency', 'days', 'ordered over {value} days', '购买跨度 {value} 天'),
  feature('age', 'days', 'first ordered {value} days ago', '首次购买在 {value} 天前'),
  feature('monetary', 'currency', 'spends {value} when coming back', '复购平均每次 {value}'),
  feature('silence', 'days', 'last ordered {value} days ago', '上次购买在 {value} 天前'),
  feature('last_gap', 'days', 'waited {value} days before the last order', '最近一次购买前间隔 {value} 天'),
  feature('orders_30', 'times', 'ordered {value} times in 30 days', '30 天内购买 {value} 次'),
  feature('orders_90', 'times', 'ordered {value} times in 90 days', '90 天内购买 {value} 次'),
  feature('orders_180', 'times', 'ordered {value} times in 180 days', '180 天内购买 {value} 次'),
  feature('first_amount', 'currency', 'spent {value} at first', '首次消费 {value}'),
  feature('spent', 'currency', 'spent {value} in all', '累计消费 {value}'),
  feature('products', 'products', 'takes {value} products at a time', '每次购买 {value} 种商品'),
];
