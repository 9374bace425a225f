import type { Records } from '@bellwether/records';
import type { Warehouse } from '@bellwether/warehouse';

/** Where consent is read from: facts that were imported, records that were made. */
export interface PrivacyStores {
  warehouse: Warehouse;
  records: Records;
}
