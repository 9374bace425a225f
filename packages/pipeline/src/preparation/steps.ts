import type { PreparationStep, Words } from '@bellwether/contracts';

/** What one step decides of one order line. The first `drop` that applies is the line's reason; flags do not drop. */
export interface LineStep {
  name: string;
  does: 'drop' | 'flag';
  words: Words;
  /** SQL over one row of `lines.sql`: true where the step applies. */
  when: string;
}

const drop = (name: string, when: string, en: string, zh: string): LineStep => ({
  name,
  does: 'drop',
  when,
  words: { en, 'zh-CN': zh },
});
const flag = (name: string, when: string, en: string, zh: string): LineStep => ({
  ...drop(name, when, en, zh),
  does: 'flag',
});

/** Preparation of order lines, in order. Only the last drop needs to know which returns found their sale. */
export const LINE_STEPS: readonly LineStep[] = [
  drop(
    'not_a_number',
    'NOT isFinite(quantity) OR NOT isFinite(unit_price)',
    'Quantity or price is not a finite number',
    '数量或价格不是有限数值',
  ),
  drop('no_order', "order_id = ''", 'No order number', '缺少订单号'),
  drop(
    'future_date',
    "at > {now:DateTime64(3, 'UTC')} + INTERVAL 1 DAY",
    'Dated more than a day in the future',
    '日期在未来（超过一天）',
  ),
  drop('duplicate', 'copy > 1', 'Repeats a line of the same order', '同一订单中重复的行'),
  drop(
    'not_a_product',
    'has({not_products:Array(String)}, upper(trim(product_id))) OR match(upper(trim(product_id)), {not_product_pattern:String})',
    'Postage, fee, voucher or test code, not a product',
    '运费、费用、礼券或测试代码，并非商品',
  ),
  drop('zero_quantity', 'quantity = 0', 'Quantity is zero', '数量为零'),
  drop('zero_price', 'unit_price = 0', 'Price is zero', '价格为零'),
  drop('negative_price', 'unit_price < 0', 'Price is negative', '价格为负'),
  drop('unknown_currency', 'factor = 0', 'In a currency without a rate', '币种没有汇率'),
  drop(
    'unmatched_return',
    "is_return AND returns_line = ''",
    'A cancellation without an earlier sale to take back',
    '取消或退货找不到对应的销售',
  ),
  flag('matched_return', 'is_return', 'A cancellation matched to its sale', '已匹配到原销售的取消或退货'),
  flag('anonymous', 'NOT known', 'Buyer unknown: kept as an anonymous basket', '买家未知：保留为匿名购物篮'),
  flag('no_product', "trim(product_id) = ''", 'No product code', '缺少商品编码'),
  flag('converted', 'factor != 1', "Converted to the shop's currency", '已换算为店铺币种'),
  flag(
    'outlier_quantity',
    'abs(log(abs(quantity)) - {quantity_middle:Float64}) > {quantity_reach:Float64}',
    'Unusual quantity',
    '数量异常',
  ),
  flag(
    'outlier_price',
    'abs(log(unit_price * factor) - {price_middle:Float64}) > {price_reach:Float64}',
    'Unusual price',
    '价格异常',
  ),
];

/** What preparation sets right in what is said of customers; `kept` counts the sayings whose value was set aside. */
export const CUSTOMER_STEPS = [
  {
    name: 'impossible_age',
    words: { en: 'Age outside 14 to 110, set aside', 'zh-CN': '年龄不在 14 至 110 之间，已置空' },
    when: 'isNotNull(age) AND ifNull(NOT (age BETWEEN 14 AND 110), true)',
  },
  {
    name: 'impossible_income',
    words: { en: 'Income negative or absurd, set aside', 'zh-CN': '收入为负或不合常理，已置空' },
    // 10^12 is beyond any year's income in any currency; six nines or more are typed to get past a form
    when: "isNotNull(income) AND ifNull(NOT (income >= 0 AND income <= 1e12) OR match(toString(income), '^9{6,}$'), true)",
  },
] as const;

const sqlText = (name: string): string => `'${name}'`;

/** An SQL expression: the name of the first of these steps that drops the line, or ''. */
export function verdict(steps: readonly LineStep[]): string {
  const cases = steps.filter(step => step.does === 'drop').map(step => `${step.when}, ${sqlText(step.name)}`);
  return `multiIf(${cases.join(',\n        ')}, '')`;
}

/** An SQL expression: the names of the steps that flag the line, in order. */
export function flags(steps: readonly LineStep[]): string {
  const cases = steps
    .filter(step => step.does === 'flag')
    .map(step => `if(${step.when}, ${sqlText(step.name)}, '')`);
  return `arrayFilter(name -> name != '', [${cases.join(',\n        ')}])`;
}

/** The report's lines, one for each step in order, from counts by name. */
export function countedSteps(counts: ReadonlyMap<string, number>): PreparationStep[] {
  const lines = LINE_STEPS.map(({ name, words, does }) => {
    const count = counts.get(name) ?? 0;
    return { step: name, words, dropped: does === 'drop' ? count : 0, kept: does === 'flag' ? count : 0 };
  });
  const customers = CUSTOMER_STEPS.map(({ name, words }) => ({
    step: name,
    words,
    dropped: 0,
    kept: counts.get(name) ?? 0,
  }));
  return [...lines, ...customers];
}
