import type { Milliseconds, Words } from '@bellwether/contracts';
import { clickhouseTime, readMatrix, type Warehouse } from '@bellwether/warehouse';
import { chosenSql } from './chosen.ts';
import type { ClassifierQuestion } from './classifier.ts';
import { labelledQuery, type LabelledSubjects, type ReadOptions } from './read.ts';

/** Labelled subjects, or a sample of them that stands for all. */
export interface BoundedSubjects extends LabelledSubjects {
  /** How many subjects each row stands for. */
  weights: Float32Array;
  /** How many subjects there are. */
  of: number;
  /** Said on the card where there were more than the budget. */
  limit: Words | undefined;
}

/**
 * Every subject as of a moment with the outcome, as `labelledFeatures` gives them, or where there are more than `most`, a sample
 * of about as many: half of each outcome as far as there are so many, drawn by a hash of the id, so that the same data give
 * the same sample. Each row carries the weight that makes sums over the sample those over all, in expectation.
 *
 * @param most rows that are held in memory
 * @example
 * const { table, target, weights, limit } = await labelledWithin(warehouse, question, asOf, 500_000);
 */
export async function labelledWithin(
  warehouse: Warehouse,
  question: ClassifierQuestion,
  asOf: Milliseconds,
  most: number,
  options: ReadOptions = {},
): Promise<BoundedSubjects> {
  const { exclude = [], signal, chosen } = options;
  const params = {
    ...{ as_of: clickhouseTime(asOf), excluded: exclude, horizon_days: question.horizonDays },
    ...chosenSql(chosen).params,
  };
  const all = labelledQuery(question, options);
  const { of, positives } = await warehouse.one<{ of: number; positives: number }>(
    `SELECT count() AS of, countIf(label__) AS positives FROM (\n${all}\n)`,
    params,
  );
  const rates = ratesOf(of, positives, most);
  const sampled = `SELECT * FROM (\n${all}\n)
WHERE cityHash64(customer_id) / 18446744073709551616 < if(label__, {positive:Float64}, {negative:Float64})
ORDER BY customer_id`;
  const values = { ...params, positive: rates.positive, negative: rates.negative };
  const read = await readMatrix(warehouse, sampled, values, {
    key: 'customer_id',
    ...(signal && { signal }),
  });
  const { keys, names, columns, rows } = read;
  const target = columns[columns.length - 1];
  return {
    ...{ asOf, ids: keys, target, of },
    table: { names: names.slice(0, -1), rows, columns: columns.slice(0, -1) },
    weights: target.map(y => 1 / (y === 1 ? rates.positive : rates.negative)),
    limit: of > most ? limitOf(rows, of) : undefined,
  };
}

/** What share of each outcome is kept: as many of both as far as there are, the rest of the budget to the other. */
function ratesOf(of: number, positives: number, most: number): { positive: number; negative: number } {
  const negatives = of - positives;
  if (of <= most) return { positive: 1, negative: 1 };
  const few = Math.min(positives, negatives);
  const kept = Math.min(few, most / 2);
  const share = (n: number): number => (n === 0 ? 1 : Math.min(1, (n === few ? kept : most - kept) / n));
  return { positive: share(positives), negative: share(negatives) };
}

function limitOf(rows: number, of: number): Words {
  return {
    en: `Learned from a sample of ${rows} of ${of} customers at a moment, drawn by outcome and weighted back.`,
    'zh-CN': `每个时点从 ${of} 位客户中按结果分层抽取 ${rows} 位训练，并加权还原。`,
  };
}
