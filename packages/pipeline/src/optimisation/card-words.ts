import type { Words } from '@bellwether/contracts';

/** Words of a version's page, in both languages. */
export const CARD_WORDS = {
  title: { en: 'Model card', 'zh-CN': '模型说明卡' },
  version: { en: 'version', 'zh-CN': '版本' },
  question: { en: 'Question', 'zh-CN': '要回答的问题' },
  state: { en: 'State', 'zh-CN': '状态' },
  champion: { en: 'in use', 'zh-CN': '在用' },
  challenger: { en: 'challenger, not in use', 'zh-CN': '候选，未启用' },
  retired: { en: 'retired', 'zh-CN': '已停用' },
  data: { en: 'Data', 'zh-CN': '数据' },
  method: { en: 'Method', 'zh-CN': '方法' },
  figures: { en: 'Figures on a later period', 'zh-CN': '在其后时期的指标' },
  figure: { en: 'figure', 'zh-CN': '指标' },
  model: { en: 'model', 'zh-CN': '模型' },
  baseline: { en: 'baseline', 'zh-CN': '基线' },
  lower: { en: 'less is better', 'zh-CN': '越低越好' },
  limits: { en: 'Limits', 'zh-CN': '局限' },
  value: { en: 'Whom it is worth acting on', 'zh-CN': '对谁采取行动是值得的' },
  looks: { en: 'What it looks at most', 'zh-CN': '主要依据' },
  notFor: { en: 'What it must not be used for', 'zh-CN': '不得用于' },
  interval: { en: 'Intervals are 95 %.', 'zh-CN': '区间均为 95%。' },
} satisfies Record<string, Words>;

/** What no version of any scenario may decide: it was learned to choose whom to write to. */
export const NOT_FOR: readonly Words[] = [
  {
    en: 'Decisions with legal or similarly grave effect on a person: credit, insurance, employment, housing, prices for one person alone.',
    'zh-CN': '对个人产生法律或类似重大影响的决定：信贷、保险、雇佣、住房，以及只针对个人的定价。',
  },
  {
    en: 'Customers who object to being profiled, and anybody without the consent that the channel needs.',
    'zh-CN': '反对画像的客户，以及未取得该渠道所需同意的任何人。',
  },
  {
    en: 'Claims about what a message brings about: that is measured against a hold-out, not predicted here.',
    'zh-CN': '关于触达效果的断言：效果须以对照组实测，而非由此预测。',
  },
  {
    en: 'Another shop, or customers unlike those that it was tested on; drift is watched for that.',
    'zh-CN': '其他店铺，或与测试时不同的客户群；漂移监测正是为此。',
  },
];
