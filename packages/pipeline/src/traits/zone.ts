import type { Warehouse } from '@bellwether/warehouse';
import { lastPreparation } from '../preparation/index.ts';

/** The zone of the shop's days, as the last preparation was told it. */
export async function shopZone(warehouse: Warehouse): Promise<string> {
  return (await lastPreparation(warehouse))?.timezone ?? 'UTC';
}
