import type { Milliseconds } from '@bellwether/contracts';
import { dataMoment, keptVersion, type Stores } from '@bellwether/pipeline';
import { clickhouseTime, sqlBeside } from '@bellwether/warehouse';
import { learnedFrom } from './learned.ts';
import { NAME } from './needs.ts';
import { readPast } from './past.ts';
import type { ServingState } from './serve.ts';
import { recommendationSettings } from './settings.ts';
import { deedsOf, TELLING, type Deed } from './visits.ts';

const ALIASES = sqlBeside(import.meta.url, 'aliases.sql');
const RECENT = sqlBeside(import.meta.url, 'recent.sql');

/**
 * All that answers need: the version in use, what everybody did, and what a person rules.
 *
 * @param exclude customers who object to being profiled: they are answered like anybody who is not known
 */
export async function readServingState(
  stores: Stores,
  exclude: readonly string[] = [],
): Promise<ServingState> {
  const { warehouse, records } = stores;
  const asOf = await dataMoment(stores);
  const [kept, settings, past, aliases] = await Promise.all([
    keptVersion(records, NAME),
    recommendationSettings(records),
    readPast(warehouse, asOf, { exclude }),
    warehouse.query<{ alias: string; customer_id: string }>(ALIASES, { as_of: clickhouseTime(asOf) }),
  ]);
  const learned = kept && learnedFrom(kept.model);
  return {
    ...past,
    version: learned ? kept.version : 0,
    learned,
    settings,
    objectors: new Set(exclude),
    aliases: new Map(aliases.map(({ alias, customer_id }) => [alias, customer_id])),
  };
}

interface Row {
  event_id: string;
  name: string;
  user_id: string;
  anonymous_id: string;
  properties: string;
  at_ms: number;
}

/** What was done lately and arrived after a moment, whichever node took it in. */
export async function deedsSince({ warehouse }: Stores, arrivedAfter: Milliseconds): Promise<Deed[]> {
  const rows = await warehouse.query<Row>(RECENT, {
    arrived_after: clickhouseTime(arrivedAfter),
    names: Object.keys(TELLING),
  });
  return rows.flatMap(row => deedsOf(row, row.at_ms));
}
