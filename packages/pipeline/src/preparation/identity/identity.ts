import { clickhouseTime, sqlBeside } from '@bellwether/warehouse';
import type { Records } from '@bellwether/records';
import { insertStream, SCRATCH, streamed } from '../scratch.ts';
import { fill } from '../sql.ts';
import { run, TOLD_LINES, type Build } from '../tables.ts';
import { activeMerges } from './merges.ts';
import { People, type Membership } from './people.ts';

const LINKS = sqlBeside(import.meta.url, 'links.sql');
const IDENTITY = sqlBeside(import.meta.url, 'identity.sql');

/**
 * Rebuilds the table of aliases: who replaced their id (`alias`), what a person merged by hand, and which visitors
 * turned out to be somebody. From the same events and merges comes the same table.
 */
export async function buildIdentity(build: Build, records: Records): Promise<void> {
  const people = new People();
  type Row = [from: string, to: string, at: number];
  for await (const [from, to, at] of streamed<Row>(build.warehouse, LINKS, {}, build.signal))
    people.link({ from, to, at });
  const memberships = people.memberships(await activeMerges(records));
  await insertStream(build.warehouse, SCRATCH.people, rowsOf(memberships));
  await run(build, fill(IDENTITY, { told: TOLD_LINES }));
}

function* rowsOf(memberships: Iterable<Membership>): Generator<object> {
  for (const { alias, customer, linkedAt } of memberships)
    yield { alias, customer_id: customer, linked_at: clickhouseTime(linkedAt) };
}
