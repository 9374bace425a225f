import type { SegmentDifference, Words } from '@bellwether/contracts';
import { describeClusters, type Table } from '@bellwether/ml';
import { FEATURES } from './features.ts';

/** From here on a difference is worth words (standard deviations; Cohen's medium is 0.5). */
const WORTH = 0.35;
/** How many differences are put into sentences. */
const SENTENCES = 4;

export interface Description {
  cluster: number;
  customers: number;
  share: number;
  differences: SegmentDifference[];
}

/**
 * What sets each cluster apart from the other customers. Long tails are compared as ln(1 + x), so that one great
 * spender does not hide the rest; the means are told as they are.
 */
export function descriptions(table: Table, labels: Int32Array): Description[] {
  const tamed = table.names.map((name, j) => {
    const skewed = FEATURES.some(feature => feature.name === name && feature.skewed);
    return skewed ? table.columns[j].map(value => Math.log1p(Math.max(0, value))) : table.columns[j];
  });
  const apart = describeClusters({ ...table, columns: tamed }, labels);
  const plain = describeClusters(table, labels);
  return apart.map(({ cluster, size, share, differences }, i) => ({
    ...{ cluster, customers: size, share },
    differences: differences.flatMap(({ column, difference }) => {
      const feature = FEATURES.find(({ name }) => name === column);
      const means = plain[i].differences.find(each => each.column === column);
      if (feature === undefined || means === undefined || Number.isNaN(difference)) return [];
      const { inside, outside } = means;
      return [{ feature: column, words: feature.words, unit: feature.unit, inside, outside, difference }];
    }),
  }));
}

/** The largest differences as sentences. */
export function sentencesOf(differences: readonly SegmentDifference[]): Words[] {
  return differences
    .filter(({ difference }) => Math.abs(difference) >= WORTH)
    .slice(0, SENTENCES)
    .map(({ words, unit, inside, outside }) => ({
      en: `${words.en.replace('{value}', told(inside, unit))}; others: ${told(outside, unit)}`,
      'zh-CN': `${words['zh-CN'].replace('{value}', told(inside, unit))}；其他客户：${told(outside, unit)}`,
    }));
}

function told(value: number, unit: string): string {
  if (unit === 'share') return `${(100 * value).toFixed(0)} %`;
  const digits = Math.abs(value) >= 20 || unit === 'days' ? 0 : 1;
  return value.toLocaleString('en-GB', { maximumFractionDigits: digits });
}

/** How one end of a feature is called, before a noun and as one; in Chinese both are the same. */
interface Called {
  adjective: string;
  noun: string;
  zh: string;
}

const called = (adjective: string, noun: string, zh: string): Called => ({ adjective, noun, zh });

/** Features that names are made of, each with its low and its high end, and the dimension that it tells of. */
const NAMES: Readonly<Record<string, { dimension: string; low: Called; high: Called }>> = {
  orders: {
    dimension: 'frequency',
    low: called('one-time', 'one-time buyers', '低频'),
    high: called('frequent', 'frequent buyers', '高频'),
  },
  recency_days: {
    dimension: 'recency',
    low: called('active', 'recent buyers', '活跃'),
    high: called('lapsed', 'lapsed buyers', '沉睡'),
  },
  tenure_days: {
    dimension: 'tenure',
    low: called('new', 'new customers', '新'),
    high: called('long-standing', 'old customers', '老'),
  },
  revenue: {
    dimension: 'spend',
    low: called('low-spend', 'small spenders', '低消费'),
    high: called('high-spend', 'big spenders', '高消费'),
  },
  basket: {
    dimension: 'basket',
    low: called('small-basket', 'buyers of small baskets', '低客单'),
    high: called('big-basket', 'buyers of big baskets', '高客单'),
  },
  lines_per_order: {
    dimension: 'variety',
    low: called('few-item', 'buyers of few things', '少品类'),
    high: called('mixed-basket', 'buyers of many things', '多品类'),
  },
  discount: {
    dimension: 'price',
    low: called('full-price', 'full-price buyers', '原价购'),
    high: called('bargain', 'bargain hunters', '追折扣'),
  },
  weekend_share: {
    dimension: 'weekend',
    low: called('weekday', 'weekday shoppers', '工作日购物'),
    high: called('weekend', 'weekend shoppers', '周末购物'),
  },
  returned_share: {
    dimension: 'returns',
    low: called('keeping', 'people who keep what they buy', '少退货'),
    high: called('returning', 'people who send back', '多退货'),
  },
};

/** The ends that may name a cluster, the most telling first, one for each dimension. */
function ends(differences: readonly SegmentDifference[]): Called[] {
  const seen = new Set<string>();
  return differences.flatMap(({ feature, difference }) => {
    if (!Object.hasOwn(NAMES, feature) || Math.abs(difference) < WORTH) return [];
    const { dimension, low, high } = NAMES[feature];
    if (seen.has(dimension)) return [];
    seen.add(dimension);
    return [difference > 0 ? high : low];
  });
}

/**
 * A short name in both languages from what sets a segment apart most: "Frequent big spenders", "高频高消费客户". A name that
 * is taken gets one more word, or else a number.
 */
export function nameOf(differences: readonly SegmentDifference[], taken: readonly Words[]): Words {
  const found = ends(differences);
  const isTaken = (words: Words): boolean =>
    taken.some(other => other.en === words.en || other['zh-CN'] === words['zh-CN']);
  for (let count = Math.min(2, found.length); count <= found.length && count > 0; count++) {
    const name = composed(found.slice(0, count));
    if (!isTaken(name)) return name;
  }
  const base =
    found.length > 0 ? composed(found.slice(0, 2)) : { en: 'Average customers', 'zh-CN': '普通客户' };
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : { en: `${base.en} ${n}`, 'zh-CN': `${base['zh-CN']} ${n}` };
    if (!isTaken(name)) return name;
  }
}

function composed(found: readonly Called[]): Words {
  const adjectives = found.slice(0, -1).map(each => each.adjective);
  const text = [...adjectives, found[found.length - 1].noun].join(' ');
  return {
    en: text.charAt(0).toUpperCase() + text.slice(1),
    'zh-CN': `${found.map(each => each.zh).join('')}客户`,
  };
}
