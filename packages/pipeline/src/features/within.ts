import type { Milliseconds, Words } from '@bellwether/contracts';
import { clickhouseTime, readMatrix, type Warehouse } from '@bellwether/warehouse';
import { chosenSql } from './chosen.ts';
import type { ClassifierQuestion } from './classifier.ts';
import { labelledFeatures, labelledQuery, type LabelledSubjects, type ReadOptions } from './read.ts';

/** How many rows may be held in memory, and of how many customers at most. */
export interface RowBudget {
  most: number;
  customers: number;
}

/**
 * Every subject as of a moment with the outcome, as `labelledFeatures` gives them; where there are more customers than rows
 * may be held, a sample of about as many as may. A hash of the id draws it: the same data give the same sample, and a
 * customer who is in it at one moment is in it at all.
 *
 * @example
 * const { table, target } = await labelledWithin(warehouse, question, asOf, { most: 500_000, customers: 1_200_000 });
 */
export async function labelledWithin(
  warehouse: Warehouse,
  question: ClassifierQuestion,
  asOf: Milliseconds,
  { most, customers }: RowBudget,
  options: ReadOptions = {},
): Promise<LabelledSubjects> {
  if (customers <= most) return labelledFeatures(warehouse, question, asOf, options);
  const { exclude = [], signal, chosen } = options;
  const sampled = `SELECT * FROM (\n${labelledQuery(question, options)}\n)
WHERE cityHash64(customer_id) / 18446744073709551616 < {share:Float64}
ORDER BY customer_id`;
  const params = {
    ...{ as_of: clickhouseTime(asOf), excluded: exclude, horizon_days: question.horizonDays },
    ...{ ...chosenSql(chosen).params, share: most / customers },
  };
  const read = { key: 'customer_id', ...(signal && { signal }) };
  const { keys, names, columns, rows } = await readMatrix(warehouse, sampled, params, read);
  const table = { names: names.slice(0, -1), rows, columns: columns.slice(0, -1) };
  return { asOf, ids: keys, table, target: columns[columns.length - 1] };
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
