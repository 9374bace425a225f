import type {
  CustomerFact,
  CustomerMessage,
  CustomerOrders,
  DuplicatePair,
  DuplicatePerson,
  DuplicateRun,
  Erasure,
  SimilarCustomers,
  Words,
} from '@bellwether/contracts';
import { ago, noise, times } from './made.ts';
import { jobs } from './system-fixtures.ts';

const words = (en: string, zh: string): Words => ({ en, 'zh-CN': zh });

const person = (index: number, more: Partial<DuplicatePerson>): DuplicatePerson => ({
  customer_id: String(17_850 + index),
  name: 'Anna Meier',
  email: 'anna.meier@example.com',
  phone: '+447700900118',
  city: 'Leeds',
  country: 'United Kingdom',
  gender: 'female',
  age: 34,
  orders: 12 - index,
  revenue: 1_204,
  first_order_at: ago(400),
  last_order_at: ago(20 + index),
  ...more,
});

const pair = (index: number): DuplicatePair => ({
  left: person(index, {}),
  right: person(index + 100, { name: 'A. Meyer', phone: '+447700900181', orders: 1, age: 35 }),
  keep: 'left',
  probability: 0.9995 - 0.4 * noise(index) * (index / 24),
  prior_bits: -18.4,
  evidence: [
    {
      field: 'email',
      level: 'same',
      words: words('the same e-mail address', '邮箱相同'),
      bits: 19.2,
      left: 'anna.meier@example.com',
      right: 'anna.meier@example.com',
    },
    {
      field: 'phone',
      level: 'close',
      words: words('phone numbers that differ by one digit', '电话仅差一位'),
      bits: 8.1,
      left: '+447700900118',
      right: '+447700900181',
    },
    {
      field: 'name',
      level: 'other',
      words: words('other names', '姓名不同'),
      bits: -3.4,
      left: 'Anna Meier',
      right: 'A. Meyer',
    },
  ],
  group: index,
  group_size: index === 1 ? 3 : 2,
  bridge: index === 1,
  state: 'open',
  decided_by: '',
  decided_at: null,
});

const run: DuplicateRun = {
  id: 'dup_1',
  at: ago(0.2),
  customers: 4_338,
  compared: 9_120,
  proposed: 37,
  expected: 34.2,
  seconds: 1.4,
  threshold: 0.5,
  share: 3.6e-6,
  blocks: [
    { key: 'mailbox', words: words('mailbox', '邮箱'), blocks: 31, pairs: 34, too_common: 1 },
    {
      key: 'phone',
      words: words('last eight digits of the phone', '电话后八位'),
      blocks: 22,
      pairs: 22,
      too_common: 0,
    },
  ],
  fields: [
    {
      field: 'email',
      words: words('e-mail', '邮箱'),
      levels: [
        {
          level: 'same',
          words: words('the same e-mail address', '邮箱相同'),
          m: 0.71,
          u: 1.1e-6,
          bits: 19.3,
        },
        { level: 'other', words: words('other e-mail addresses', '邮箱不同'), m: 0.2, u: 0.9999, bits: -2.3 },
      ],
    },
  ],
};

const facts: CustomerFact[] = [
  {
    field: 'city',
    value: 'London',
    differs: true,
    said: [
      { value: 'London', at: ago(30), source: 'import', file: 'customers.csv', alias: '' },
      { value: 'Leeds', at: ago(300), source: 'web', file: '', alias: '12346' },
    ],
  },
  {
    field: 'email',
    value: 'person0@example.com',
    differs: false,
    said: [{ value: 'person0@example.com', at: ago(30), source: 'import', file: 'customers.csv', alias: '' }],
  },
];

const orders: CustomerOrders = {
  orders: times(6, index => ({
    order_id: String(536_365 + index),
    at: ago(4 + index * 31),
    amount: 40 + Math.round(60 * noise(index)),
    returned: index === 2 ? 12.4 : 0,
    lines: 3 + index,
    products: ['White metal lantern', 'Cream cupid hearts coat hanger'],
  })),
  value: times(12, index => ({
    month: `2025-${String(index + 1).padStart(2, '0')}-01`,
    net: 100 * noise(index),
    sum: 100 * (index + 1) * 0.5,
    typical: 30 * (index + 1),
  })),
};

const messages: CustomerMessage[] = [
  {
    message_key: '1:n:1',
    journey_id: 'j1',
    journey: 'Likely buyers, spring',
    channel: 'email',
    at: ago(12),
    became: [
      { what: 'clicked', at: ago(11.8), reason: '' },
      { what: 'opened', at: ago(11.9), reason: '' },
      { what: 'sent', at: ago(12), reason: '' },
    ],
  },
];

const similar: SimilarCustomers = {
  scenario: 'purchase-prediction',
  as_of: ago(1),
  compared: 4_337,
  rows: times(4, index => ({
    customer_id: String(17_840 - index),
    name: index === 1 ? '' : 'Ines Duarte',
    orders: 30 - index,
    revenue: 1_800 - 40 * index,
    last_order_at: ago(3 + index),
    distance: 0.2 + index * 0.07,
    alike: [
      { feature: 'orders_60d', mine: 3, theirs: 3 },
      { feature: 'days_since_order', mine: 4, theirs: 5 },
    ],
  })),
};

const erasure: Erasure = {
  id: 'era_1',
  subject_hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  reason: 'asked by letter',
  requested_by: 'mei@example.com',
  requested_at: ago(1),
  finished_at: ago(1),
  removed: { events: 120, customer_facts: 2, order_lines: 31 },
};

/** Answers of the routes about likely duplicates, and of the rights of one customer. */
export const answers: Record<string, unknown> = {
  'GET /v1/customers/:id/facts': facts,
  'GET /v1/customers/:id/orders': orders,
  'GET /v1/customers/:id/messages': messages,
  'GET /v1/customers/:id/similar': similar,
  'PUT /v1/customers/:id/profiling': { ok: true },
  'DELETE /v1/customers/:id': erasure,
  'GET /v1/erasures': [erasure],
  'POST /v1/erasures/lift': { ok: true },
  'GET /v1/duplicates': {
    run,
    counts: { open: 37, merged: 4, refused: 2 },
    rows: times(25, pair),
    total: 37,
  },
  'GET /v1/duplicates/runs': [run],
  'POST /v1/duplicates/find': jobs[0],
  'POST /v1/duplicates/merge': { merged: 1, merges: [] },
  'POST /v1/duplicates/refuse': { refused: 1 },
  'POST /v1/duplicates/reopen': { reopened: 1 },
};
