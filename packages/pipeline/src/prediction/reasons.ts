import type { Contributions, Table } from '@bellwether/ml';

/** One row's reason, as it is inserted; `effect` is in percentage points. */
export interface KeptReason {
  feature: string;
  value: Insertable;
  effect: number;
}

/** A number as JSON can carry it into a float column: ClickHouse reads `null` there as 0, and `"nan"` as missing. */
export type Insertable = number | 'nan';

export function insertable(value: number): Insertable {
  return Number.isNaN(value) ? 'nan' : value;
}

/** How many reasons a score carries. */
const REASONS = 5;
/** Percentage points below which a feature is no reason. */
const LEAST_EFFECT = 0.05;

/** The features that moved a row's probability most, either way, the largest first. */
export function reasonsOf({ features, values }: Contributions, table: Table, row: number): KeptReason[] {
  const effects = values.subarray(row * features.length, (row + 1) * features.length);
  return largest(effects, REASONS)
    .map(j => ({
      feature: features[j],
      value: insertable(table.columns[table.names.indexOf(features[j])][row]),
      effect: 100 * effects[j],
    }))
    .filter(({ effect }) => Math.abs(effect) >= LEAST_EFFECT);
}

/** Positions of the `count` values of the largest size. */
function largest(values: Float64Array, count: number): number[] {
  const order = Array.from(values.keys()).sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]));
  return order.slice(0, count);
}
