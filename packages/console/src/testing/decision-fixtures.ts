import type { Decision, ValueSettings, WhatIf } from '@bellwether/contracts';
import { ago } from './made.ts';

const words = (en: string, zh: string) => ({ en, 'zh-CN': zh });

export const valueSettings: ValueSettings = { margin_rate: 0.3, contact_cost: 0.05, effect: 0.02 };

export const decision: Decision = {
  settings: valueSettings,
  currency: 'GBP',
  threshold: 0.24,
  rule: words(
    'An order is worth 41.30 GBP on average and leaves 30.0 % (12.40 GBP). A contact costs 0.05 GBP and is assumed to bring about 2.0 % of the purchases that it precedes, until a hold-out has measured it. So it pays from a probability of 24.0 %.',
    '平均每单 41.30 GBP，毛利 30.0 %（12.40 GBP）。每次触达成本 0.05 GBP，在对照组实测之前，假定触达带来其后购买的 2.0 %。因此，购买概率达到 24.0 % 的顾客值得触达。',
  ),
  scored: 4_338,
  chosen: 1_204,
  profit: { value: 88.4, low: 61.2, high: 115.9, n: 1_204 },
  limited: {
    most: 500,
    chosen: 500,
    from_probability: 0.46,
    profit: { value: 59.7, low: 47.1, high: 71.8, n: 500 },
  },
};

export const whatIf: WhatIf = {
  scenario: 'purchase-prediction',
  version: 3,
  customer_id: 'C00017',
  as_of: ago(1),
  before: { value: 0.31, low: 0.26, high: 0.37, n: 1 },
  after: { value: 0.47, low: 0.4, high: 0.54, n: 1 },
  difference: 0.16,
  features: [
    {
      name: 'days_since_order',
      words: words('last order {value} days ago', '{value} 天前最近一次下单'),
      unit: 'days',
      value: 41,
      supposed: 7,
      low: 0,
      high: 240,
      outside: false,
    },
    {
      name: 'orders_60d',
      words: words('bought {value} times in the last 60 days', '过去 60 天下单 {value} 次'),
      unit: 'times',
      value: 1,
      supposed: 1,
      low: 0,
      high: 14,
      outside: false,
    },
  ],
  meaning: words(
    'This is how the probability of customers differs who differ in this, all else being as it is. It is an association: it does not say that changing it would make this customer buy.',
    '这表示其他条件相同时，此项不同的顾客购买概率有何差异。这是相关，并不表示改变它就会让该顾客购买。',
  ),
  actions: [
    {
      journey_id: 'j1',
      name: 'Win back with 10 %',
      days: 30,
      treated: 812,
      held_out: 203,
      lift: { value: 0.041, low: 0.008, high: 0.072, n: 1_015 },
      shown: true,
      said: words(
        '“Win back with 10 %” moved the share who buy within 30 days by +4.1 points (95 %: +0.8 – +7.2; 812 written to, 203 held out). That is beyond chance, for such customers on average.',
        '“Win back with 10 %”使 30 天内的购买比例变化 +4.1 个百分点（95 %：+0.8 – +7.2；触达 812 人，对照 203 人）。对这类顾客平均而言，该变化超出偶然。',
      ),
    },
  ],
  support: words(
    'What messages brought about, on average over those who entered a journey, against those who were held out:',
    '与对照组相比，进入旅程的顾客平均因消息而产生的变化：',
  ),
};
