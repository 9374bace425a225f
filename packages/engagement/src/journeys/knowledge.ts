import { compileCondition } from '../audiences/condition-sql.ts';
import { nowOf, type Engagement } from '../engagement.ts';
import type { Knowledge } from './walk.ts';

/** Answers from the warehouse, one query for all who are asked about. */
export function knowledgeOf(engagement: Engagement): Knowledge {
  const { warehouse } = engagement.stores;
  return {
    async holds(condition, customers) {
      const { sql, params } = compileCondition(condition, nowOf(engagement).getTime());
      const rows = await warehouse.query<{ customer_id: string }>(
        `SELECT customer_id FROM customers WHERE customer_id IN {asked:Array(String)} AND (${sql})`,
        { ...params, asked: customers },
      );
      return new Set(rows.map(row => row.customer_id));
    },
    async zones(customers) {
      const rows = await warehouse.query<{ customer_id: string; timezone: string }>(
        'SELECT customer_id, timezone FROM customers WHERE customer_id IN {asked:Array(String)}',
        { asked: customers },
      );
      return new Map(rows.map(row => [row.customer_id, row.timezone]));
    },
  };
}
