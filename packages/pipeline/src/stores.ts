import type { Clock } from '@bellwether/contracts';
import type { Records } from '@bellwether/records';
import type { Warehouse } from '@bellwether/warehouse';

/** What every stage works on: what happened, what was decided, and what time it is. */
export interface Stores {
  warehouse: Warehouse;
  records: Records;
  clock: Clock;
}
