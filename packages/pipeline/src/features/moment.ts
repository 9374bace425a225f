import { DAY, type Milliseconds } from '@bellwether/contracts';
import { clickhouseTime } from '@bellwether/warehouse';
import type { Stores } from '../stores.ts';

const NEWEST = `
SELECT toUnixTimestamp64Milli(max(newest)) AS newest FROM
(
    SELECT max(at) AS newest FROM prepared_order_lines WHERE reason = '' AND at <= {now:DateTime64(3, 'UTC')}
    UNION ALL
    SELECT max(at) FROM events WHERE at <= {now:DateTime64(3, 'UTC')}
)`;

/**
 * The data's own "now": the clock, but not past the end of the UTC day of the newest order or event, so that an old
 * export can be learned from as it was. With no data, the clock.
 */
export async function dataMoment({ warehouse, clock }: Stores): Promise<Milliseconds> {
  const now = clock.now();
  const { newest } = await warehouse.one<{ newest: number }>(NEWEST, { now: clickhouseTime(now) });
  return newest > 0 ? Math.min(now, (Math.floor(newest / DAY) + 1) * DAY) : now;
}
