import type { Score } from '@bellwether/contracts';
import type { Warehouse } from '@bellwether/warehouse';

const SCORES = `
SELECT scenario, version, as_of, scored_at, probability, low, high, chosen,
    arrayMap(reason -> (reason.feature, if(isNaN(reason.value), NULL, reason.value), reason.effect), reasons) AS kept_reasons
FROM current_scores
WHERE customer_id = {customer_id:String}
ORDER BY scenario`;

type Row = Omit<Score, 'reasons'> & {
  kept_reasons: [feature: string, value: number | null, effect: number][];
};

/** A customer's current score in each scenario, with interval and reasons; none for who was never scored. */
export async function customerScores(warehouse: Warehouse, customerId: string): Promise<Score[]> {
  const rows = await warehouse.query<Row>(SCORES, { customer_id: customerId });
  return rows.map(({ kept_reasons, ...score }) => ({
    ...score,
    reasons: kept_reasons.map(([feature, value, effect]) => ({ feature, value, effect })),
  }));
}
