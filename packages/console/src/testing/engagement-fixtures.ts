import type { Audience, Journey, JourneyResults, Mail, Template } from '@bellwether/contracts';
import { ago, day, estimate, times } from './made.ts';

export const audiences: Audience[] = [
  {
    id: 'a1',
    name: 'Likely buyers',
    definition: {
      scenario: 'purchase-prediction',
      min_probability: 0,
      max_probability: 1,
      chosen_only: true,
    },
    size: 1_420,
    computed_at: ago(0.5),
    created_at: ago(10),
  },
  {
    id: 'a2',
    name: '五成以上把握',
    definition: {
      scenario: 'purchase-prediction',
      min_probability: 0.5,
      max_probability: 1,
      chosen_only: false,
      limit: 500,
    },
    size: 500,
    computed_at: null,
    created_at: ago(2),
  },
];

export const journey: Journey = {
  id: 'j1',
  name: 'Likely buyers, spring',
  state: 'running',
  version: 1,
  graph: {
    nodes: [
      { id: 'enter', kind: 'enter', audience: 'a1', next: 'wait' },
      { id: 'wait', kind: 'wait', days: 1, next: 'mail' },
      { id: 'mail', kind: 'email', template: 't1', next: 'exit' },
      { id: 'exit', kind: 'exit' },
    ],
    holdout: 0.2,
    measure_days: 14,
    dry_run: false,
  },
  created_at: ago(20),
  started_at: ago(16),
};
export const journeys: Journey[] = [
  journey,
  {
    ...journey,
    id: 'j2',
    name: 'Win back, June',
    state: 'draft',
    started_at: null,
    graph: { ...journey.graph, dry_run: true },
  },
];

const curve = (i: number, top: number): number => top * (1 - Math.exp(-i / 6)) * 1.09;
export const journeyResults: JourneyResults = {
  journey_id: 'j1',
  as_of: ago(0.01),
  nodes: [
    { node: 'enter', kind: 'enter', inside: 0, passed: 1_136 },
    { node: 'wait', kind: 'wait', inside: 84, passed: 1_052 },
    { node: 'mail', kind: 'email', inside: 0, passed: 1_052 },
    { node: 'exit', kind: 'exit', inside: 0, passed: 1_052 },
  ],
  messages: {
    pending: 84,
    sent: 980,
    dry_run: 0,
    refused: 68,
    failed: 4,
    unknown: 0,
    delivered: 971,
    opened: 402,
    clicked: 118,
    unsubscribed: 6,
  },
  refusals: [
    { reason: 'no_consent', count: 51 },
    { reason: 'suppressed', count: 12 },
    { reason: 'frequency_cap', count: 5 },
  ],
  treated: { customers: 1_136, buyers: 386, orders: 420, revenue: 148_200 },
  holdout: { customers: 284, buyers: 85, orders: 92, revenue: 33_100 },
  lift: estimate(0.0405, 0.012, 0.071, 1_420),
  revenue_lift: estimate(12.6, 3.4, 22.1, 1_420),
  incremental_orders: estimate(46, 14, 81, 1_420),
  incremental_revenue: estimate(14_300, 3_900, 25_100, 1_420),
  currency: 'GBP',
  sample_ratio_p: 0.64,
  truth: 0.038,
  by_day: times(15, i => ({ day: day(15 - i), treated: curve(i, 0.34), holdout: curve(i, 0.299) })),
};

export const messages = {
  total: 60,
  rows: times(25, i => ({
    key: `k${i}`,
    journey_id: 'j1',
    node: 'mail',
    customer_id: String(17_850 - i),
    channel: 'email',
    state: (['sent', 'sent', 'refused', 'pending'] as const)[i % 4] ?? 'sent',
    reason: i % 4 === 2 ? 'no_consent' : '',
    subject: 'Something you may like',
    due_at: ago(3),
    sent_at: i % 4 < 2 ? ago(3) : null,
  })),
};

export const templates: Template[] = [
  { id: 't1', name: 'Spring', subject: 'Something you may like', mjml: '<mjml></mjml>', updated_at: ago(20) },
];

export const mails = {
  total: 120,
  rows: times<Mail>(50, i => ({
    id: `mail${i}`,
    to: `person${i}@example.com`,
    from: 'shop@example.com',
    subject: i % 2 === 0 ? 'Something you may like' : '为您挑选的好物',
    at: ago(i / 30),
  })),
};
export const mail = {
  ...mails.rows[0],
  html: '<body style="font-family:sans-serif;padding:24px"><h1>Hello Anna</h1><p>Three lanterns like those you bought.</p></body>',
  text: 'Hello Anna',
  headers: {
    'List-Unsubscribe': '<https://example.com/u/1>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  },
};
