import { CATEGORIES } from './catalogue.ts';
import { drawsFor, type Draws } from './random.ts';

/** What nobody but the simulator knows of a customer. Rates are per day. */
export interface HiddenTruth {
  /** Share of interest in each category; sums to 1. */
  tastes: readonly number[];
  /** How strongly a price above the category's usual puts the customer off. */
  priceSense: number;
  /** Orders a day in an average mood, long after the last order. */
  purchaseRate: number;
  /** Days after an order when the next is most likely; the shop's goods are used up. */
  cycle: number;
  visitRate: number;
  /** Probability of leaving for good on any day. */
  churnRate: number;
  /** Factor on the purchase rate for a week after a message was read; below 1 the customer is put off. */
  contactFactor: number;
  opens: number;
  clicks: number;
  unsubscribes: number;
}

/** What a customer tells when registering. */
export interface PublicFace {
  userId: string;
  anonymousId: string;
  firstName: string;
  lastName: string;
  email: string;
  age: number;
  gender: string;
  country: string;
  timezone: string;
  language: string;
  emailConsent: boolean;
}

export interface Person {
  index: number;
  /** Day of the market on which the customer first appears. */
  joins: number;
  face: PublicFace;
  truth: HiddenTruth;
}

const PLACES = [
  { country: 'United Kingdom', timezone: 'Europe/London', language: 'en', weight: 5 },
  { country: 'China', timezone: 'Asia/Shanghai', language: 'zh-CN', weight: 3 },
  { country: 'Germany', timezone: 'Europe/Berlin', language: 'en', weight: 1 },
  { country: 'Singapore', timezone: 'Asia/Singapore', language: 'en', weight: 1 },
];
const NAMES = {
  en: {
    first: [
      'Ada',
      'Ben',
      'Clara',
      'Dev',
      'Ella',
      'Finn',
      'Grace',
      'Hugo',
      'Iris',
      'Jack',
      'Kate',
      'Leo',
      'Mia',
      'Noah',
      'Orla',
      'Paul',
    ],
    last: [
      'Adler',
      'Brook',
      'Carter',
      'Dunn',
      'Ellis',
      'Ford',
      'Grant',
      'Hale',
      'Irwin',
      'Joyce',
      'Klein',
      'Lowe',
      'Moss',
      'Nash',
    ],
  },
  'zh-CN': {
    first: [
      '伟',
      '芳',
      '娜',
      '敏',
      '静',
      '磊',
      '洋',
      '艳',
      '勇',
      '杰',
      '雪',
      '晨',
      '思远',
      '雨桐',
      '子涵',
      '佳怡',
    ],
    last: ['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴', '徐', '孙', '马', '朱'],
  },
};

/** Kinds of response to being contacted: those it moves, those it hardly moves, those it puts off. */
const RESPONSES = [
  { factor: 5, weight: 5 },
  { factor: 1.3, weight: 3 },
  { factor: 0.7, weight: 2 },
];

/** The customers of a market; `share` of them are there on day 0, the rest join evenly over `days`. */
export function makePeople(seed: number, count: number, days: number, share = 0.6): Person[] {
  return Array.from({ length: count }, (_, index) => {
    const draws = drawsFor(seed, 2, index);
    const joins = draws.chance(share) ? 0 : draws.below(days);
    return { index, joins, face: makeFace(seed, index, draws), truth: makeTruth(draws) };
  });
}

function makeFace(seed: number, index: number, draws: Draws): PublicFace {
  const place = PLACES[draws.weighted(PLACES.map(p => p.weight))] ?? PLACES[0];
  const names = place?.language === 'zh-CN' ? NAMES['zh-CN'] : NAMES.en;
  return {
    userId: `c${seed}-${index + 1}`,
    anonymousId: `v${seed}-${index + 1}`,
    firstName: draws.pick(names.first),
    lastName: draws.pick(names.last),
    // example.com is reserved: no mail of a simulated customer can reach anybody
    email: `customer${index + 1}@example.com`,
    age: 18 + Math.floor(draws.gamma(4, 22)),
    gender: draws.pick(['female', 'male', 'unknown']),
    country: place?.country ?? '',
    timezone: place?.timezone ?? 'UTC',
    language: place?.language ?? 'en',
    emailConsent: draws.chance(0.85),
  };
}

function makeTruth(draws: Draws): HiddenTruth {
  const raw = CATEGORIES.map(() => draws.gamma(0.6, 1));
  const sum = raw.reduce((total, value) => total + value, 0);
  const response = RESPONSES[draws.weighted(RESPONSES.map(r => r.weight))] ?? { factor: 1 };
  return {
    tastes: raw.map(value => value / sum),
    priceSense: draws.gamma(2, 1),
    purchaseRate: draws.gamma(1.1, 1 / 45),
    cycle: 14 + draws.gamma(4, 22),
    visitRate: draws.gamma(1.5, 0.1),
    churnRate: draws.gamma(0.8, 0.003),
    contactFactor: response.factor,
    opens: 0.35 + 0.6 * draws.uniform(),
    clicks: 0.15 + 0.3 * draws.uniform(),
    unsubscribes: 0.01 * draws.uniform(),
  };
}
