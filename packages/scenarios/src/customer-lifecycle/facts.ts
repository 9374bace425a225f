import { STAGE_FACTS } from '@bellwether/contracts';
import type { Table } from '@bellwether/ml';
import { expectedGap, type LifecycleModel } from './model.ts';
import { column, inUnits } from './read.ts';
import type { StageFacts } from './stages.ts';

/** What the rules ask of each customer, in single precision. */
export function factsOf(model: LifecycleModel, table: Table): StageFacts[] {
  const [frequency, recency, age, silence, lastGap] = [
    'frequency',
    'recency',
    'age',
    'silence',
    'last_gap',
  ].map(name => column(table, name));
  const living = model.purchases.alive(inUnits(table, model.unitDays));
  return Array.from(frequency, (x, row) => {
    const gap = expectedGap(model, x, recency[row]);
    const before = expectedGap(model, x - 1, recency[row] - lastGap[row]);
    return single({
      orders: x + 1,
      silence_days: silence[row],
      silence_ratio: silence[row] / gap,
      tenure_days: age[row],
      last_gap_days: lastGap[row],
      return_ratio: x > 0 ? lastGap[row] / before : 0,
      alive: living[row],
    });
  });
}

function single(facts: StageFacts): StageFacts {
  for (const fact of STAGE_FACTS) facts[fact] = Math.fround(facts[fact]);
  return facts;
}
