import type { Feature, FeatureUnit } from '@bellwether/pipeline';

const feature = (name: string, unit: FeatureUnit, en: string, zh: string): Feature => ({
  name,
  unit,
  words: { en, 'zh-CN': zh },
});
/** A count or an amount with a few very large values. */
const skewed = (...words: Parameters<typeof feature>): Feature => ({ ...feature(...words), skewed: true });

/** The columns of `features.sql`, in its order. */
export const FEATURES: readonly Feature[] = [
  skewed('recency_days', 'days', 'last bought {value} days ago', '上次购买在 {value} 天前'),
  skewed('tenure_days', 'days', 'first bought {value} days ago', '首次购买在 {value} 天前'),
  skewed('orders', 'times', 'bought {value} times in all', '累计购买 {value} 次'),
  skewed('orders_90', 'times', 'bought {value} times in 90 days', '90 天内购买 {value} 次'),
  skewed('revenue', 'currency', 'spent {value} in all', '累计消费 {value}'),
  skewed('basket', 'currency', 'spends {value} an order', '平均每单 {value}'),
  skewed('lines_per_order', 'products', 'takes {value} different lines an order', '平均每单 {value} 种商品'),
  skewed('products', 'products', 'bought {value} different products', '买过 {value} 种商品'),
  skewed('price', 'currency', 'pays {value} a piece', '单件均价 {value}'),
  feature('discount', 'share', 'pays {value} less than the usual price', '比常价低 {value}'),
  feature('weekend_share', 'share', '{value} of orders at weekends', '周末订单占 {value}'),
  feature('returned_share', 'share', 'brought {value} of the value back', '退货金额占 {value}'),
  skewed('views_30', 'times', 'looked at {value} products in 30 days', '30 天内浏览 {value} 次商品'),
  skewed('opens_90', 'times', 'opened {value} e-mails in 90 days', '90 天内打开 {value} 封邮件'),
];

/**
 * What segments are found by: how lately, how long, how often, how much. The rest describes them. Baskets and their
 * variety were tried beside these on the training moment of Online Retail: segments were then not found again.
 */
export const CLUSTERED: readonly string[] = ['recency_days', 'tenure_days', 'orders', 'revenue'];
