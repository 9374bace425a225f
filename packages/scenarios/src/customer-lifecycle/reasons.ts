import { tableOf, type Table } from '@bellwether/ml';
import type { LifecycleModel } from './model.ts';
import { inUnits } from './read.ts';

/** Percentage points below which something is no reason. */
const LEAST_EFFECT = 0.05;

export interface KeptReason {
  feature: string;
  value: number;
  effect: number;
}

/**
 * Why a customer is held to be alive or lost: the silence takes away what the customer would have had after an order
 * today; how often they came back is the rest of the difference from the average customer's.
 */
export function aliveReasons(model: LifecycleModel, table: Table, living: Float64Array): KeptReason[][] {
  const { columns } = inUnits(table, model.unitDays);
  const [frequency, recency, age] = columns;
  const today = tableOf({ frequency, recency: age.map((time, row) => (frequency[row] > 0 ? time : 0)), age });
  const atBest = model.purchases.alive(today);
  const usual = meanOf(model.aliveSpread.edges);
  return Array.from(living, (own, row) => {
    const silence = Math.round((age[row] - recency[row]) * model.unitDays);
    const reasons = [
      { feature: 'silence', value: silence, effect: 100 * (own - atBest[row]) },
      { feature: 'frequency', value: frequency[row], effect: 100 * (atBest[row] - usual) },
    ];
    return reasons
      .filter(({ effect }) => Math.abs(effect) >= LEAST_EFFECT)
      .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
  });
}

/** Of the quantiles that were kept, which stand for the customers of the test. */
function meanOf(edges: Float64Array): number {
  return edges.length === 0 ? 1 : edges.reduce((sum, edge) => sum + edge, 0) / edges.length;
}
