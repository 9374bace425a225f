import type { Feature, FeatureUnit } from '@bellwether/pipeline';

const feature = (name: string, unit: FeatureUnit, en: string, zh: string): Feature => ({
  name,
  unit,
  words: { en, 'zh-CN': zh },
});
/** A count or an amount with a few very large values. */
const skewed = (...words: Parameters<typeof feature>): Feature => ({ ...feature(...words), skewed: true });

/** The columns of `features.sql`, in its order, as reasons that a marketer reads. */
export const FEATURES: readonly Feature[] = [
  skewed('recency_days', 'days', 'last bought {value} days ago', '上次购买在 {value} 天前'),
  skewed('tenure_days', 'days', 'first bought {value} days ago', '首次购买在 {value} 天前'),
  skewed('orders', 'times', 'bought {value} times in all', '累计购买 {value} 次'),
  skewed('orders_30', 'times', 'bought {value} times in 30 days', '30 天内购买 {value} 次'),
  skewed('orders_60', 'times', 'bought {value} times in 60 days', '60 天内购买 {value} 次'),
  skewed('orders_90', 'times', 'bought {value} times in 90 days', '90 天内购买 {value} 次'),
  skewed('orders_180', 'times', 'bought {value} times in 180 days', '180 天内购买 {value} 次'),
  skewed('revenue', 'currency', 'spent {value} in all', '累计消费 {value}'),
  skewed('revenue_90', 'currency', 'spent {value} in 90 days', '90 天内消费 {value}'),
  skewed('basket', 'currency', 'spends {value} an order', '平均每单 {value}'),
  skewed('lines_per_order', 'products', 'takes {value} different lines an order', '平均每单 {value} 种商品'),
  skewed('products', 'products', 'bought {value} different products', '买过 {value} 种商品'),
  skewed('gap_days', 'days', 'buys every {value} days', '平均每 {value} 天购买一次'),
  skewed('gap_ratio', 'ratio', 'has waited {value} times the usual gap', '已等待平时间隔的 {value} 倍'),
  skewed('orders_per_month', 'times', 'buys {value} times a month', '平均每月购买 {value} 次'),
  feature('weekend_share', 'share', '{value} of orders at weekends', '周末订单占 {value}'),
  skewed(
    'orders_same_season',
    'times',
    'bought {value} times in these weeks a year ago',
    '去年同期购买 {value} 次',
  ),
  feature('returned_share', 'share', 'brought {value} of the value back', '退货金额占 {value}'),
  feature('at_home', 'share', 'in the shop’s home country: {value}', '在店铺所在国：{value}'),
  skewed('visit_days', 'days', 'last visited {value} days ago', '上次访问在 {value} 天前'),
  skewed('pages_30', 'times', 'viewed {value} pages in 30 days', '30 天内浏览 {value} 个页面'),
  skewed('views_7', 'times', 'viewed {value} products in 7 days', '7 天内浏览 {value} 次商品'),
  skewed('views_30', 'times', 'viewed {value} products in 30 days', '30 天内浏览 {value} 次商品'),
  skewed('added_30', 'times', 'put {value} products into the cart in 30 days', '30 天内加购 {value} 次'),
  skewed('opens_30', 'times', 'opened {value} e-mails in 30 days', '30 天内打开 {value} 封邮件'),
  skewed('clicks_30', 'times', 'clicked {value} e-mail links in 30 days', '30 天内点击邮件链接 {value} 次'),
];
