import type { QuarantineRow, Reply, Refusal } from '@bellwether/contracts';
import type { api } from '@bellwether/contracts';
import { sqlBeside, type Warehouse } from '@bellwether/warehouse';

export interface QuarantineQuery {
  reason?: Refusal | undefined;
  source?: string | undefined;
  import_id?: string | undefined;
  offset: number;
  limit: number;
}

export type QuarantinePage = Reply<typeof api.data.quarantine>;

const PAGE = sqlBeside(import.meta.url, 'quarantine-page.sql');
const REASONS = sqlBeside(import.meta.url, 'quarantine-reasons.sql');

/** Refused events and rows that were not brought back, newest first, and how many there are by reason and source. */
export async function quarantinePage(
  warehouse: Pick<Warehouse, 'query'>,
  query: QuarantineQuery,
): Promise<QuarantinePage> {
  const filter = {
    reason: query.reason ?? '',
    source: query.source ?? '',
    any_source: query.source === undefined,
    import_id: query.import_id ?? '',
    any_import: query.import_id === undefined,
  };
  const [rows, reasons] = await Promise.all([
    warehouse.query<QuarantineRow>(PAGE, { ...filter, offset: query.offset, limit: query.limit }),
    warehouse.query<QuarantinePage['reasons'][number]>(REASONS, filter),
  ]);
  const chosen = reasons.filter(({ reason }) => query.reason === undefined || reason === query.reason);
  return { rows, total: chosen.reduce((sum, { count }) => sum + count, 0), reasons };
}
