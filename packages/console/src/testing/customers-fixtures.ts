import type { Customer, CustomerRow, TimelineEntry } from '@bellwether/contracts';
import { ago, noise, times } from './made.ts';

const NAMES = ['Anna Meier', '', '王小明', 'Ines Duarte', 'Tom Baker', '李雷', 'Zoë Clarke', ''];

export function customerRow(index: number): CustomerRow {
  const name = NAMES[index % NAMES.length] ?? '';
  return {
    customer_id: String(17_850 - index),
    name,
    email: name === '' ? '' : `person${index}@example.com`,
    country: ['United Kingdom', 'France', '中国', 'Portugal'][index % 4] ?? '',
    first_order_at: ago(200 + noise(index) * 300),
    last_order_at: ago(2 + noise(index + 7) * 120),
    orders: 1 + Math.round(20 * noise(index + 3)),
    revenue: Math.round(100_000 * noise(index + 5)) / 20,
    probability: Math.max(0.01, 0.94 - index * 0.012),
  };
}

export const customer: Customer = {
  ...customerRow(0),
  orders: 34,
  phone: '+44 20 7946 0000',
  city: 'London',
  gender: 'female',
  age: 41,
  language: 'en',
  timezone: 'Europe/London',
  traits: { plan: 'gold' },
  aliases: ['17850', 'anon-5f3e'],
  currency: 'GBP',
  suppressed: false,
  stage: { stage: 'loyal', as_of: ago(1), alive: 0.93, orders_90: 2.4, orders_90_low: 0, orders_90_high: 5 },
  profiling: { objects: false, at: null, source: '' },
  merges: [{ id: 'm1', winner: '17850', loser: '12346', by: 'mei@example.com', at: ago(9), undone_at: null }],
  scores: [
    {
      scenario: 'purchase-prediction',
      version: 3,
      as_of: ago(1),
      scored_at: ago(1),
      probability: 0.74,
      low: 0.66,
      high: 0.81,
      chosen: true,
      reasons: [
        { feature: 'orders_60d', value: 3, effect: 12 },
        { feature: 'days_since_order', value: 4, effect: 8.2 },
        { feature: 'returns_share', value: 0.31, effect: -3.4 },
      ],
    },
  ],
  consents: [
    { channel: 'email', purpose: 'marketing', state: 'granted', at: ago(120), source: 'sign-up form' },
    { channel: 'sms', purpose: 'marketing', state: 'denied', at: ago(60), source: 'console' },
  ],
};

const ENTRIES: readonly Omit<TimelineEntry, 'at'>[] = [
  { kind: 'order', name: '536365', detail: { revenue: 54.2, lines: 6 } },
  { kind: 'message', name: 'opened', detail: { journey_id: 'Likely buyers, spring' } },
  { kind: 'event', name: 'Product Viewed', detail: { product: 'White metal lantern' } },
  { kind: 'event', name: 'page', detail: { path: '/lanterns' } },
  { kind: 'return', name: 'C53640', detail: { revenue: -12.4 } },
  { kind: 'score', name: 'purchase-prediction', detail: { probability: 0.74 } },
];
export const timeline = {
  total: 80,
  rows: times(30, i => ({ at: ago(i * 1.7 + 0.2), ...(ENTRIES[i % ENTRIES.length] ?? ENTRIES[0]) })),
};
