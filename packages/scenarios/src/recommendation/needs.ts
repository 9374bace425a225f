import { DAY, type Need } from '@bellwether/contracts';
import { dataMoment, dataSpan, needOf, type Stores } from '@bellwether/pipeline';
import { clickhouseTime, sqlBeside } from '@bellwether/warehouse';

export const NAME = 'recommendation';
/** Days after a moment in which what is bought newly shows whether a list was right. */
export const HORIZON_DAYS = 30;

const COUNTS = sqlBeside(import.meta.url, 'needs.sql');
const LEAST = { products: 10, customers: 50, historyDays: 120, buyers: 30 };

interface Counts {
  products: number;
  customers: number;
  /** Known customers who bought before and, in the last horizon, something that they never had. */
  buyers: number;
}

export async function recommendationNeeds(stores: Stores): Promise<Need[]> {
  const now = await dataMoment(stores);
  const span = await dataSpan(stores.warehouse, now);
  const freshest = span ? new Date(span.last_at).toISOString() : null;
  const counts = await stores.warehouse.one<Counts>(COUNTS, {
    as_of: clickhouseTime(now - HORIZON_DAYS * DAY),
    now: clickhouseTime(now),
  });
  const days = span ? Math.floor((now - span.first_at) / DAY) : 0;
  return [
    needOf(
      { en: 'products that were sold', 'zh-CN': '售出过的商品' },
      counts.products,
      LEAST.products,
      freshest,
    ),
    needOf(
      { en: 'known customers with a sale', 'zh-CN': '有购买记录的已知客户' },
      counts.customers,
      LEAST.customers,
      freshest,
    ),
    needOf({ en: 'days of order history', 'zh-CN': '天订单历史' }, days, LEAST.historyDays, freshest),
    needOf(
      {
        en: `customers who bought before and something new in the last ${HORIZON_DAYS} days`,
        'zh-CN': `最近 ${HORIZON_DAYS} 天内购买了新商品的老客户`,
      },
      counts.buyers,
      LEAST.buyers,
      freshest,
    ),
  ];
}
