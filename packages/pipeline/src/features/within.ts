import type { Words } from '@bellwether/contracts';

/** How many rows may be held in memory, and of how many customers at most. */
export interface RowBudget {
  most: number;
  customers: number;
}

/**
 * The share of the customers to read, so that about as many rows are held as may be: an option of `labelledFeatures`.
 * Nothing where all of them may.
 *
 * @example
 * shareWithin({ most: 500_000, customers: 2_000_000 }); // { share: 0.25 }
 */
export function shareWithin({ most, customers }: RowBudget): { share?: number } {
  return customers <= most ? {} : { share: most / customers };
}

/** What the card says where a sample was drawn. */
export function sampleLimit({ most, customers }: RowBudget): Words[] {
  if (customers <= most) return [];
  return [
    {
      en: `Learned from a sample of about ${most} of ${customers} customers at each moment.`,
      'zh-CN': `每个时点从 ${customers} 位客户中抽取约 ${most} 位用于训练。`,
    },
  ];
}
