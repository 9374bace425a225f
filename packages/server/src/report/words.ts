import type { Language } from './format.ts';

/** `{0}`, `{1}` … stand for the figures. */
const WORDS = {
  title: ['{0}: what the loop found', '{0}：闭环报告'],
  as_of: ['As of {0}', '截至 {0}'],
  data: ['What came in', '收到的数据'],
  came_in: [
    '{0} customers placed {1} orders, worth {2} after returns.',
    '{0} 位客户下了 {1} 笔订单，扣除退货后合计 {2}。',
  ],
  weeks: ['Revenue by week', '每周销售额'],
  prepared: [
    'Of {0} order lines {1} count; the others were set aside, each for one reason.',
    '{0} 条订单明细中 {1} 条有效，其余按原因剔除。',
  ],
  step: ['Step', '步骤'],
  dropped: ['Set aside', '剔除'],
  flagged: ['Flagged', '标记'],
  nothing_learned: ['Nothing is learned yet.', '尚未训练模型。'],
  tested: [
    'Tested on {0} customers whose outcome after {1} the model had not seen.',
    '在 {1} 之后的结果（模型未见过）上对 {0} 位客户进行了检验。',
  ],
  beats: ['It beats the baseline; AUC gained: {0}.', '模型优于基线，AUC 提升：{0}。'],
  does_not_beat: [
    'It does not beat the baseline beyond doubt; AUC gained: {0}.',
    '模型未能确定地优于基线，AUC 提升：{0}。',
  ],
  model: ['Model', '模型'],
  baseline: ['Baseline', '基线'],
  auc: ['AUC', 'AUC'],
  precision: ['Precision', '精确率'],
  recall: ['Recall', '召回率'],
  log_loss: ['Log loss', '对数损失'],
  calibration_error: ['Calibration error', '校准误差'],
  lift: ['Lift of the top tenth', '前 10% 提升度'],
  roc: ['ROC curve on the test period', '检验期 ROC 曲线'],
  calibration: [
    'Calibration: of those given a probability, how many bought (95 % intervals)',
    '校准：各预测概率下的实际购买比例（95% 区间）',
  ],
  gain: ['Share of buyers found by contacting the best-scored share', '按评分从高到低联系时找到的买家比例'],
  histogram: ['Customers by probability', '客户的概率分布'],
  predicted: ['predicted', '预测'],
  observed: ['observed', '实际'],
  perfect: ['perfect', '理想'],
  feature: ['Feature', '特征'],
  weight: ['Weight', '权重'],
  importance: ['Importance', '重要性'],
  scored: [
    '{0} customers were scored; {1} are expected to buy, and {2} are worth a message.',
    '已为 {0} 位客户评分，预计 {1} 位会下单，其中 {2} 位值得联系。',
  ],
  journey: ['Journey: {0}', '旅程：{0}'],
  dry_run: ['A dry run: {0} messages were written and none was sent.', '演练：生成 {0} 封信息，未实际发送。'],
  sent: ['{0} messages were sent.', '已发送 {0} 封信息。'],
  customers: ['Customers', '客户'],
  buyers: ['Buyers', '买家'],
  orders: ['Orders', '订单'],
  revenue: ['Revenue', '销售额'],
  share: ['Bought', '购买率'],
  treated: ['Written to', '联系组'],
  holdout: ['Left alone', '对照组'],
  worth: ['Lift: {0}. Extra revenue: {1}. Intervals are 95 %.', '提升：{0}；增量销售额：{1}。区间为 95%。'],
  truth: ['The simulator’s hidden truth: {0}.', '模拟器的真实效果：{0}。'],
  footnote: [
    'Figures come from the stores as they were at the moment above. A range is a 95 % interval; a dash means that the data cannot say.',
    '所有数字取自上述时刻的数据。括号内为 95% 区间；“–”表示数据不足以判断。',
  ],
} as const satisfies Record<string, readonly [en: string, zh: string]>;

export type Say = (key: keyof typeof WORDS, ...figures: string[]) => string;

export function wordsOf(language: Language): Say {
  const column = language === 'en' ? 0 : 1;
  return (key, ...figures) =>
    WORDS[key][column].replaceAll(/\{(\d)\}/g, (_, n: string) => figures[Number(n)] ?? '');
}
