import { DAY, type Milliseconds, type Need } from '@bellwether/contracts';
import { dataMoment, dataSpan, needOf, type Stores } from '@bellwether/pipeline';
import { clickhouseTime, sqlBeside } from '@bellwether/warehouse';

const GAPS = sqlBeside(import.meta.url, 'gaps.sql');

interface Gaps {
  repeaters: number;
  gaps: number;
  /** Nine of ten gaps are no longer. */
  ninth: number;
}

/** The gaps between the orders of customers who ordered again, in days. */
export async function gapsOf({ warehouse }: Stores, asOf: Milliseconds): Promise<Gaps> {
  return warehouse.one<Gaps>(GAPS, { as_of: clickhouseTime(asOf) });
}

/** What the data must hold before anything is learned. */
export async function needs(stores: Stores): Promise<Need[]> {
  const now = await dataMoment(stores);
  const [span, { repeaters }] = await Promise.all([dataSpan(stores.warehouse, now), gapsOf(stores, now)]);
  const freshest = span ? new Date(span.last_at).toISOString() : null;
  const days = span ? Math.floor((now - span.first_at) / DAY) : 0;
  return [
    needOf(
      { en: 'known customers with a sale', 'zh-CN': '有购买记录的已知客户' },
      span?.customers ?? 0,
      200,
      freshest,
    ),
    needOf({ en: 'days of order history', 'zh-CN': '天订单历史' }, days, 150, freshest),
    needOf({ en: 'customers who ordered again', 'zh-CN': '复购客户' }, repeaters, 50, freshest),
  ];
}
