import type { Milliseconds, Tag, TraitValue, Words } from '@bellwether/contracts';
import { DEFAULT_TRAITS, traitNumberSql, type KeptTraits } from '@bellwether/pipeline';
import { clickhouseTime, type Params, type Warehouse } from '@bellwether/warehouse';

/** What is compared: a trait that comes with Bellwether, a share of two of them, or a field of the customer. */
type Operand =
  | { of: 'trait'; name: string }
  | { of: 'share'; name: string; total: string; words: Words }
  | { of: 'field'; name: 'age' | 'country' | 'gender'; words: Words; numeric: boolean };

/** One thing that must hold; `top` is a share of the customers that have the value, the largest. */
interface Test {
  operand: Operand;
  at_least?: number;
  below?: number;
  top?: number;
  known?: true;
}

/** A tag as a rule over traits and fields. */
interface TagRule extends Tag {
  all: readonly Test[];
}

const trait = (name: string): Operand => ({ of: 'trait', name });
const age: Operand = { of: 'field', name: 'age', words: { en: 'Age', 'zh-CN': '年龄' }, numeric: true };
const weekends: Operand = {
  ...{ of: 'share', name: 'weekend_orders', total: 'orders' },
  words: { en: 'Share of orders at weekends', 'zh-CN': '周末订单占比' },
};
const returns: Operand = {
  ...{ of: 'share', name: 'returned', total: 'revenue' },
  words: { en: 'Share of the worth that came back', 'zh-CN': '退货金额占比' },
};

const tag = (
  name: string,
  kind: Tag['kind'],
  [en, zh]: [string, string],
  [rule, regel]: [string, string],
  all: readonly Test[],
): TagRule => ({ name, kind, words: { en, 'zh-CN': zh }, rule: { en: rule, 'zh-CN': regel }, all });

const bands: [name: string, from: number, to: number][] = [
  ['age_18_24', 18, 25],
  ['age_25_34', 25, 35],
  ['age_35_44', 35, 45],
  ['age_45_54', 45, 55],
  ['age_55_up', 55, 130],
];

/** Every tag; a new one is a line here. */
const RULES: readonly TagRule[] = [
  tag(
    'weekend_shopper',
    'behaviour',
    ['Weekend shopper', '周末购物'],
    ['at least 3 orders, 60 % of them at weekends', '至少 3 单，其中 60 % 在周末'],
    [
      { operand: trait('orders'), at_least: 3 },
      { operand: weekends, at_least: 0.6 },
    ],
  ),
  tag(
    'big_basket',
    'behaviour',
    ['Big basket', '大额订单'],
    ['average order among the highest tenth', '平均每单金额位于前 10 %'],
    [{ operand: trait('average_order'), top: 0.1 }],
  ),
  tag(
    'bargain_hunter',
    'behaviour',
    ['Low prices', '偏好低价'],
    ['at least 2 orders; pays prices among the lowest fifth', '至少 2 单；所购商品均价位于后 20 %'],
    [
      { operand: trait('orders'), at_least: 2 },
      { operand: trait('average_price'), top: -0.2 },
    ],
  ),
  tag(
    'explorer',
    'behaviour',
    ['Tries many products', '爱尝新'],
    ['different products among the highest tenth', '购买过的商品种数位于前 10 %'],
    [{ operand: trait('products'), top: 0.1 }],
  ),
  tag(
    'sends_back',
    'behaviour',
    ['Sends much back', '退货较多'],
    ['at least 2 orders, 30 % of the worth returned', '至少 2 单，退货金额达 30 %'],
    [
      { operand: trait('orders'), at_least: 2 },
      { operand: returns, at_least: 0.3 },
    ],
  ),
  tag(
    'window_shopper',
    'behaviour',
    ['Looks, does not buy', '只看不买'],
    ['10 products looked at in 30 days, no order in 90', '30 天内浏览 10 次商品，90 天内未下单'],
    [
      { operand: trait('views_30'), at_least: 10 },
      { operand: trait('orders_90'), below: 1 },
    ],
  ),
  tag(
    'email_reader',
    'behaviour',
    ['Reads e-mails', '阅读邮件'],
    ['opened 3 e-mails in 90 days', '90 天内打开 3 封邮件'],
    [{ operand: trait('email_opens_90'), at_least: 3 }],
  ),
  ...bands.map(([name, from, to]) =>
    tag(
      name,
      'person',
      to > 100
        ? [`${from} or older`, `${from} 岁及以上`]
        : [`Aged ${from} to ${to - 1}`, `${from}–${to - 1} 岁`],
      ['age as told', '依据已知年龄'],
      [
        { operand: age, at_least: from },
        { operand: age, below: to },
      ],
    ),
  ),
];

export const TAGS: readonly Tag[] = RULES.map(({ all: _, ...rest }) => rest);

interface CompiledTags {
  /** An array of the names of the tags that a row of the customers with their traits carries. */
  sql: string;
  params: Params;
  /** Expressions of the thresholds that depend on all customers, computed once. */
  with: string;
}

/** Rows of customers with what is kept of them, as the expressions below read it. */
const ROWS = `(
  SELECT customers.customer_id AS customer_id, age, numbers, texts
  FROM customers LEFT JOIN (SELECT customer_id, numbers, texts FROM customer_traits FINAL) AS kept USING (customer_id)
)`;

function compiled(now: Milliseconds, rules: readonly TagRule[] = RULES): CompiledTags {
  const params: Record<string, unknown> = { now: clickhouseTime(now) };
  const thresholds: string[] = [];
  const value = (operand: Operand): string => {
    if (operand.of === 'field') return `toNullable(${operand.name})`;
    const number = (name: string): string => {
      const found = traitNumberSql(name, DEFAULT_TRAITS[name], `trait_${name}`);
      Object.assign(params, found.params);
      return found.sql;
    };
    return operand.of === 'trait'
      ? number(operand.name)
      : `${number(operand.name)} / nullIf(${number(operand.total)}, 0)`;
  };
  const holds = ({ operand, at_least, below, top }: Test): string => {
    const found = value(operand);
    const parts = [
      ...(at_least === undefined ? [] : [`${found} >= ${at_least}`]),
      ...(below === undefined ? [] : [`${found} < ${below}`]),
    ];
    if (top !== undefined) {
      const name = `threshold_${thresholds.length}`;
      thresholds.push(
        `(SELECT quantileIf(${top > 0 ? 1 - top : -top})(${found}, ${found} > 0) FROM ${ROWS}) AS ${name}`,
      );
      parts.push(`${found} > 0 AND ${found} ${top > 0 ? '>=' : '<='} ${name}`);
    }
    return `ifNull(${parts.join(' AND ')}, 0)`;
  };
  const named = rules.map(({ name, all }) => `if(${all.map(holds).join(' AND ')}, '${name}', '')`);
  return {
    sql: `arrayFilter(name -> name != '', [${named.join(', ')}])`,
    params,
    with: thresholds.length === 0 ? '' : `WITH ${thresholds.join(', ')}`,
  };
}

/** Every tag with the number of customers that carry it. */
export async function tagCounts(
  warehouse: Warehouse,
  now: Milliseconds,
): Promise<(Tag & { customers: number })[]> {
  const { sql, params, with: thresholds } = compiled(now);
  const rows = await warehouse.query<{ name: string; customers: number }>(
    `${thresholds} SELECT arrayJoin(${sql}) AS name, count() AS customers FROM ${ROWS} GROUP BY name`,
    params,
  );
  const counts = new Map(rows.map(row => [row.name, row.customers]));
  return TAGS.map(each => ({ ...each, customers: counts.get(each.name) ?? 0 }));
}

/** The customers that carry a tag, as a query of ours. */
export function taggedSql(name: string, now: Milliseconds): { sql: string; params: Params } {
  const {
    sql,
    params,
    with: thresholds,
  } = compiled(
    now,
    RULES.filter(rule => rule.name === name),
  );
  return { sql: `${thresholds} SELECT customer_id FROM ${ROWS} WHERE notEmpty(${sql})`, params };
}

/** The tags of one customer, each with the values that it rests on. */
export async function tagsOf(
  warehouse: Warehouse,
  customerId: string,
  traits: readonly TraitValue[],
  now: Milliseconds,
): Promise<(Tag & { evidence: TraitValue[] })[]> {
  const { sql, params, with: thresholds } = compiled(now);
  const [row] = await warehouse.query<{ tags: string[]; age: number | null } & KeptTraits>(
    `${thresholds} SELECT ${sql} AS tags, age, numbers, texts FROM ${ROWS} WHERE customer_id = {id:String}`,
    { ...params, id: customerId },
  );
  if (row === undefined) return [];
  return RULES.filter(rule => row.tags.includes(rule.name)).map(({ all, ...rest }) => ({
    ...rest,
    evidence: evidenceOf(all, traits, row.age),
  }));
}

function evidenceOf(all: readonly Test[], traits: readonly TraitValue[], known: number | null): TraitValue[] {
  const traitNamed = (name: string): TraitValue[] => traits.filter(each => each.name === name);
  const found = all.flatMap(({ operand }): TraitValue[] => {
    if (operand.of === 'field')
      return [{ name: operand.name, words: operand.words, unit: 'number', value: known }];
    if (operand.of === 'trait') return traitNamed(operand.name);
    const [part, total] = [traitNamed(operand.name)[0]?.value, traitNamed(operand.total)[0]?.value];
    const share = typeof part === 'number' && typeof total === 'number' && total > 0 ? part / total : null;
    return [{ name: operand.name, words: operand.words, unit: 'share', value: share }];
  });
  return found.filter((each, i) => found.findIndex(other => other.name === each.name) === i);
}
