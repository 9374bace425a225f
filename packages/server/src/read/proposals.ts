import type { Estimate, Overview, Words } from '@bellwether/contracts';
import type { Situation } from './overview.ts';

type Proposal = Overview['proposals'][number];

/** At most this many, the most worth first. */
const SHOWN = 3;

/**
 * What a person might do next, from the state of things. An expectation is given only where one was measured; nothing is
 * made up where it was not.
 */
export function proposalsOf(situation: Situation): Proposal[] {
  const all = [bringData, turnLoop, learn, startJourney, sendForReal, remindAtRisk, lookAtRefused];
  return all.flatMap(propose => propose(situation) ?? []).slice(0, SHOWN);
}

type Propose = (situation: Situation) => Proposal | undefined;

const words = (en: string, zh: string): Words => ({ en, 'zh-CN': zh });
const plain = { expected: null, cost: null };

const bringData: Propose = ({ arrivals }) => {
  if (arrivals.events_total + arrivals.orders_total > 0) return undefined;
  return {
    id: 'bring-data',
    title: words('Bring in your orders', '导入您的订单'),
    why: words(
      'Nothing has come in yet. An export of order lines, with customer, date and price, is enough to begin.',
      '目前还没有任何数据。一份含客户、日期和价格的订单明细即可开始。',
    ),
    ...plain,
    href: '/data',
  };
};

const turnLoop: Propose = ({ arrivals, preparation }) => {
  const since = arrivals.last_received_at;
  if (since === null || (preparation !== undefined && preparation.at >= since)) return undefined;
  return {
    id: 'turn-loop',
    title: words('Run the loop on what came in', '用新数据运行一遍闭环'),
    why: words(
      'Data came in after the last preparation; figures and scores do not know of it yet.',
      '上次整理之后又有新数据到达，现有的数字和评分尚未包含它们。',
    ),
    ...plain,
    href: '/data',
  };
};

const learn: Propose = ({ page, champion }) => {
  if (page === undefined || !page.ready || (champion !== undefined && !page.advice.retrain)) return undefined;
  const why =
    champion === undefined
      ? words('The data suffice, and nothing is learned yet.', '数据已足够，但尚未训练模型。')
      : page.advice.why;
  return {
    id: 'learn',
    title:
      champion === undefined
        ? words('Train the first model', '训练第一个模型')
        : words('Train again', '重新训练'),
    why,
    ...plain,
    href: `/models/${page.name}`,
  };
};

const startJourney: Propose = ({ journeys, page, measured }) => {
  const draft = journeys.find(({ state, graph }) => state === 'draft' && !graph.dry_run);
  const chosen = page?.results?.chosen ?? 0;
  if (draft === undefined || chosen === 0) return undefined;
  return {
    id: 'start-journey',
    title: words(
      `Start “${draft.name}” for ${chosen} likely buyers`,
      `为 ${chosen} 位可能下单的客户启动“${draft.name}”`,
    ),
    why: words(
      `${percent(draft.graph.holdout)} are left alone, so that its effect can be measured.`,
      `其中 ${percent(draft.graph.holdout)} 不会被打扰，用于衡量效果。`,
    ),
    expected: scaled(measured, chosen),
    cost: null,
    href: `/journeys/${draft.id}`,
  };
};

const sendForReal: Propose = ({ measured }) => {
  if (measured === undefined || !measured.journey.graph.dry_run) return undefined;
  const { treated, holdout } = measured.results;
  if (treated.customers === 0) return undefined;
  return {
    id: 'send-for-real',
    title: words(
      `Write to ${treated.customers} likely buyers for real`,
      `正式联系 ${treated.customers} 位可能下单的客户`,
    ),
    why: words(
      `“${measured.journey.name}” is a dry run: it would write to them and leave ${holdout.customers} alone. What it is worth can be known only by sending.`,
      `“${measured.journey.name}”目前是演练：将联系他们，并留出 ${holdout.customers} 位作对照。只有真正发送才能知道它的价值。`,
    ),
    ...plain,
    href: `/journeys/${measured.journey.id}`,
  };
};

const remindAtRisk: Propose = ({ atRisk }) => {
  if (atRisk === 0) return undefined;
  return {
    id: 'remind-at-risk',
    title: words(`Remind ${atRisk} customers at risk`, `提醒 ${atRisk} 位有流失风险的客户`),
    why: words(
      'They have been silent for longer than is usual for them, and have not left yet.',
      '他们沉默的时间已超过各自的常态，但尚未流失。',
    ),
    ...plain,
    href: '/models/customer-lifecycle',
  };
};

const lookAtRefused: Propose = ({ arrivals }) => {
  const { quarantined } = arrivals;
  if (quarantined === 0) return undefined;
  return {
    id: 'look-at-refused',
    title: words(`Look at what was refused: ${quarantined}`, `查看被拒收的数据：${quarantined} 条`),
    why: words(
      'Each was kept with its reason, and can be tried again once the cause is mended.',
      '每一条都连同原因保留，修复原因后可以重试。',
    ),
    ...plain,
    href: '/data?tab=quarantine',
  };
};

/** What an earlier journey earned for each customer it treated, for so many; nothing where none was measured. */
function scaled(measured: Situation['measured'], customers: number): Estimate | null {
  if (measured === undefined || measured.journey.graph.dry_run) return null;
  const { value, low, high, n } = measured.results.revenue_lift;
  const times = (figure: number | null): number | null => (figure === null ? null : figure * customers);
  return value === null ? null : { value: times(value), low: times(low), high: times(high), n };
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
