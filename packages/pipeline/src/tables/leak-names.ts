const AFTER =
  'duration outcome result after post closed close closing resolution resolved refund refunded cancelled canceled cancellation cancel churned converted conversion delivered delivery shipped shipping exit exited final response responded completed outcome_date end ended'.split(
    ' ',
  );
const AFTER_ZH = [
  '时长',
  '结果',
  '之后',
  '事后',
  '退款',
  '取消',
  '成交',
  '支付',
  '发货',
  '签收',
  '流失原因',
  '完成',
];
/** What speaks of an earlier time takes the suspicion away. */
const BEFORE = new Set(
  'previous prior prev last past former before earlier history historical avg average mean'.split(' '),
);
const BEFORE_ZH = ['上次', '历史', '以往', '之前', '过去'];

/** The word of a name that speaks of what is known only after the outcome. */
export function speaksOfAfter(name: string): string | undefined {
  const parts = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u);
  if (parts.some(part => BEFORE.has(part)) || BEFORE_ZH.some(word => name.includes(word))) return undefined;
  return AFTER.find(word => parts.includes(word)) ?? AFTER_ZH.find(word => name.includes(word));
}
