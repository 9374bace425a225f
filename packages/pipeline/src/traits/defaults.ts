import type { TraitDefinition, TraitMeasure, TraitSource } from '@bellwether/contracts';
import type { Definitions } from './compile.ts';

type Rest = Partial<Pick<TraitDefinition, 'event' | 'field' | 'days' | 'unit' | 'where'>>;

const trait = (
  en: string,
  zh: string,
  from: TraitSource,
  measure: TraitMeasure,
  rest: Rest = {},
): TraitDefinition => ({ words: { en, 'zh-CN': zh }, from, measure, where: [], unit: 'number', ...rest });

const days = 'days';
const times = 'times';
const currency = 'currency';

/** What is computed of every customer without anybody's asking. */
export const DEFAULT_TRAITS: Definitions = {
  days_since_order: trait('Days since the last order', '距上次下单天数', 'orders', 'days_since', {
    unit: days,
  }),
  orders: trait('Orders', '订单数', 'orders', 'count', { unit: times }),
  orders_90: trait('Orders in 90 days', '90 天内订单数', 'orders', 'count', { days: 90, unit: times }),
  revenue: trait('Spent in all', '累计消费', 'orders', 'sum', { field: 'amount', unit: currency }),
  revenue_90: trait('Spent in 90 days', '90 天内消费', 'orders', 'sum', {
    ...{ field: 'amount', days: 90, unit: currency },
  }),
  average_order: trait('Average order', '平均每单金额', 'orders', 'average', {
    field: 'amount',
    unit: currency,
  }),
  largest_order: trait('Largest order', '最大一单金额', 'orders', 'max', { field: 'amount', unit: currency }),
  lines_per_order: trait('Lines in an order', '平均每单商品种数', 'orders', 'average', {
    ...{ field: 'lines', unit: 'products' },
  }),
  weekend_orders: trait('Orders at weekends', '周末订单数', 'orders', 'count', {
    ...{ where: [{ field: 'weekday', op: 'at_least', number: 6 }], unit: times },
  }),
  favourite_weekday: trait('Favourite day of the week', '最常下单的星期', 'orders', 'favourite', {
    ...{ field: 'weekday', unit: 'weekday' },
  }),
  favourite_hour: trait('Favourite hour', '最常下单的时段', 'orders', 'favourite', {
    field: 'hour',
    unit: 'hour',
  }),
  favourite_product: trait('Favourite product', '最常购买的商品', 'lines', 'favourite', {
    ...{ field: 'product', unit: 'text' },
  }),
  favourite_category: trait('Favourite category', '最常购买的品类', 'lines', 'favourite', {
    ...{ field: 'category', unit: 'text' },
  }),
  products: trait('Different products bought', '购买过的商品种数', 'lines', 'unique', {
    ...{ field: 'product', unit: 'products' },
  }),
  average_price: trait('Average price of a product bought', '所购商品均价', 'lines', 'average', {
    ...{ field: 'price', unit: currency },
  }),
  last_product: trait('Product bought last', '最近购买的商品', 'lines', 'last', {
    field: 'product',
    unit: 'text',
  }),
  returned: trait('Worth of returns', '退货金额', 'returns', 'sum', { field: 'amount', unit: currency }),
  days_since_visit: trait(
    'Days since a product was looked at',
    '距上次浏览商品天数',
    'events',
    'days_since',
    {
      ...{ event: 'Product Viewed', unit: days },
    },
  ),
  views_30: trait('Products looked at in 30 days', '30 天内浏览商品次数', 'events', 'count', {
    ...{ event: 'Product Viewed', days: 30, unit: times },
  }),
  carts_30: trait('Products put into the cart in 30 days', '30 天内加购次数', 'events', 'count', {
    ...{ event: 'Product Added', days: 30, unit: times },
  }),
  email_opens_90: trait('E-mails opened in 90 days', '90 天内打开邮件数', 'events', 'count', {
    ...{ event: 'Email Opened', days: 90, unit: times },
  }),
  email_clicks_90: trait('Links of e-mails followed in 90 days', '90 天内点击邮件链接数', 'events', 'count', {
    ...{ event: 'Email Link Clicked', days: 90, unit: times },
  }),
};
