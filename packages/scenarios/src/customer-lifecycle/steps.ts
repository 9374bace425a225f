import type { Stage, Words } from '@bellwether/contracts';

const words = (en: string, zh: string): Words => ({ en, 'zh-CN': zh });

/** What to do next for who stands where, and why. */
export const NEXT_STEPS: Record<Stage, { title: Words; why: Words }> = {
  new: {
    title: words('Nudge towards the second order', '促成第二单'),
    why: words(
      'The second order is the hardest: welcome them, show what goes with the first, within their first usual gap.',
      '第二单最难：在首个常见购买间隔内表示欢迎，推荐与首单相配的商品。',
    ),
  },
  active: {
    title: words('Show what is new and fits', '推荐合适的新品'),
    why: words(
      'They order in their rhythm: no discount is needed, only a reason to take one thing more.',
      '他们按自己的节奏购买：无需折扣，只需一个多买一件的理由。',
    ),
  },
  loyal: {
    title: words('Thank, and ask for a word', '致谢并邀请推荐'),
    why: words(
      'They come back by themselves: early access, a review or a friend is worth more here than a coupon.',
      '他们会自发回购：优先体验、评价或推荐好友，比优惠券更有价值。',
    ),
  },
  at_risk: {
    title: words('Remind with what they usually buy', '用常购商品提醒'),
    why: words(
      'They are later than their own rhythm, and most can still be reached: a reminder now costs less than winning back.',
      '他们已晚于自己的节奏，但多数仍可挽回：现在提醒的成本低于日后赢回。',
    ),
  },
  lapsed: {
    title: words('One good offer to come back', '一次有力的召回优惠'),
    why: words(
      'Silent for several of their own gaps: a clear offer, once, and a question what went wrong.',
      '已沉默数个自身周期：给一次明确的优惠，并询问原因。',
    ),
  },
  lost: {
    title: words('Leave in peace', '不再打扰'),
    why: words(
      'Hardly anybody of them orders again: spare the cost and their patience; take them out of regular mails.',
      '其中极少有人再次购买：节省成本，也不打扰客户，从常规邮件中移除。',
    ),
  },
  won_back: {
    title: words('Make the return a habit', '让回归成为习惯'),
    why: words(
      'They came back after a long silence and leave again easily: follow up within their usual gap.',
      '他们久别后回归，也容易再次离开：在其常见间隔内跟进。',
    ),
  },
};
