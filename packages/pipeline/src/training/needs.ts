import { AppError, DAY, type Need, type Words } from '@bellwether/contracts';
import { clickhouseTime } from '@bellwether/warehouse';
import { dataMoment, dataSpan, type ClassifierQuestion, type Scenario } from '../features/index.ts';
import type { Stores } from '../stores.ts';

/** What a classifier needs of the data, and what is there. */
export async function classifierNeeds(stores: Stores, scenario: ClassifierQuestion): Promise<Need[]> {
  const now = await dataMoment(stores);
  const span = await dataSpan(stores.warehouse, now);
  const freshest = span ? new Date(span.last_at).toISOString() : null;
  const need = (what: Words, have: number, least: number): Need => needOf(what, have, least, freshest);
  const { customers, historyDays, outcomes } = scenario.least;
  const days = scenario.horizonDays;
  return [
    need(
      { en: 'known customers with a sale', 'zh-CN': '有购买记录的已知客户' },
      span?.customers ?? 0,
      customers,
    ),
    need(
      { en: 'days of order history', 'zh-CN': '天订单历史' },
      span ? Math.floor((now - span.first_at) / DAY) : 0,
      historyDays,
    ),
    need(
      {
        en: `customers who bought before and again in the last ${days} days`,
        'zh-CN': `最近 ${days} 天内再次购买的老客户`,
      },
      span ? await outcomesSince(stores, scenario, now - days * DAY) : 0,
      outcomes,
    ),
  ];
}

export function needOf(what: Words, have: number, need: number, freshest: string | null): Need {
  return { what, have, need, met: have >= need, freshest };
}

const OUTCOMES = (labels: string): string => `
SELECT count() AS n FROM (\n${labels}\n) WHERE customer_id IN
(
    SELECT customer_id FROM sales
    WHERE known AND at <= {as_of:DateTime64(3, 'UTC')} AND received_at <= {as_of:DateTime64(3, 'UTC')}
)`;

async function outcomesSince(
  { warehouse }: Stores,
  scenario: ClassifierQuestion,
  asOf: number,
): Promise<number> {
  const params = { as_of: clickhouseTime(asOf), horizon_days: scenario.horizonDays };
  return (await warehouse.one<{ n: number }>(OUTCOMES(scenario.labelSql), params)).n;
}

/** @throws AppError `scenario.not_ready` with a sentence that names all that is missing */
export async function assertReady(stores: Stores, scenario: Pick<Scenario, 'name' | 'needs'>): Promise<void> {
  const missing = (await scenario.needs(stores)).filter(need => !need.met);
  if (missing.length === 0) return;
  const list = missing.map(({ what, have, need }) => `${need} ${what.en} (there are ${have})`).join('; ');
  throw new AppError('scenario.not_ready', `${scenario.name} cannot learn yet: it needs ${list}.`, {
    details: { needs: missing },
  });
}
