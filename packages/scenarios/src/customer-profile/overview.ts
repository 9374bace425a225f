import {
  AppError,
  DAY,
  RFM_GROUPS,
  type CustomerProfile,
  type LearnedSegment,
  type ProfileOverview,
  type Rfm,
  type RfmCell,
  type RfmGroup,
  type Segment,
  type Words,
} from '@bellwether/contracts';
import { customerTraits, dataMoment, traitDefinitions, type Stores } from '@bellwether/pipeline';
import { clickhouseTime, sqlBeside, type Warehouse } from '@bellwether/warehouse';
import { RFM_WORDS } from './rfm.ts';
import { tagCounts, tagsOf } from './tags.ts';
import { keptProfile, NAME } from './train.ts';

const SEGMENTS = sqlBeside(import.meta.url, 'read-segments.sql');
const FLOWS = sqlBeside(import.meta.url, 'read-flows.sql');
const CELLS = sqlBeside(import.meta.url, 'read-rfm.sql');

interface ProfileRun {
  version: number;
  as_of: string;
  /** Milliseconds. */
  scored_at: number;
}

/** The runs that are kept, the last first. */
async function runsOf(warehouse: Warehouse): Promise<ProfileRun[]> {
  return warehouse.query<ProfileRun>(
    `SELECT version, runs.as_of AS as_of, toUnixTimestamp64Milli(runs.scored_at) AS scored_at
     FROM score_runs AS runs WHERE scenario = {name:String} ORDER BY runs.scored_at DESC LIMIT 1000`,
    { name: NAME },
  );
}

/** Who the customers are, now: segments with their figures and names, moves between them, tags; nothing before the first run. */
export async function profileOverview(stores: Stores, currency: string): Promise<ProfileOverview | null> {
  const { warehouse } = stores;
  const runs = await runsOf(warehouse);
  const [run] = runs;
  if (run === undefined) return null;
  const kept = await keptProfile(stores, run.version);
  const [rows, names, changes, tags] = await Promise.all([
    warehouse.query<SegmentRow>(SEGMENTS),
    namesOf(stores),
    changesOf(warehouse, runs),
    tagCounts(warehouse, await dataMoment(stores)),
  ]);
  const customers = rows.reduce((sum, row) => sum + row.customers, 0);
  const revenue = rows.reduce((sum, row) => sum + row.revenue, 0);
  const learned = new Map(kept?.card.segments.map(segment => [segment.key, segment]));
  const segments = rows
    .flatMap(row => {
      const found = learned.get(row.segment);
      return found ? [segmentNow(row, found, names.get(row.segment), { customers, revenue })] : [];
    })
    .sort((a, b) => b.customers - a.customers);
  return { version: run.version, as_of: run.as_of, currency, customers, revenue, segments, changes, tags };
}

interface SegmentRow {
  segment: string;
  customers: number;
  revenue: number;
  orders: number;
  recency_days: number;
}

function segmentNow(
  { customers, revenue, orders, recency_days }: SegmentRow,
  learned: LearnedSegment,
  given: Words | undefined,
  whole: { customers: number; revenue: number },
): Segment {
  return {
    ...learned,
    ...{ name: given ?? learned.name, model_name: learned.name, renamed: given !== undefined },
    ...{ customers, share: customers / Math.max(1, whole.customers), orders, recency_days, revenue },
    revenue_share: whole.revenue > 0 ? revenue / whole.revenue : 0,
  };
}

async function namesOf({ records }: Pick<Stores, 'records'>): Promise<Map<string, Words>> {
  const rows = await records.selectFrom('segment_names').select(['key', 'words']).execute();
  return new Map(rows.map(row => [row.key, row.words]));
}

/** Between the last run and the one nearest to 30 days before it. */
async function changesOf(
  warehouse: Warehouse,
  [last, ...earlier]: readonly ProfileRun[],
): Promise<ProfileOverview['changes']> {
  const older = earlier.filter(run => run.as_of !== last.as_of);
  if (older.length === 0) return null;
  const wanted = Date.parse(last.as_of) - 30 * DAY;
  const away = (run: ProfileRun): number => Math.abs(Date.parse(run.as_of) - wanted);
  const since = older.reduce((best, run) => (away(run) < away(best) ? run : best));
  const flows = await warehouse.query<{ from_segment: string; to_segment: string; customers: number }>(
    FLOWS,
    {
      since: clickhouseTime(since.scored_at),
    },
  );
  return {
    since: since.as_of,
    flows: flows.map(({ from_segment, to_segment, customers }) => ({
      from: from_segment,
      to: to_segment,
      customers,
    })),
  };
}

/** Recency and frequency by fifths, with the groups that they make; nothing before the first run. */
export async function rfmGrid({ warehouse }: Stores, currency: string): Promise<Rfm | null> {
  const [run] = await runsOf(warehouse);
  if (run === undefined) return null;
  const cells = await warehouse.query<RfmCell>(CELLS);
  const sum = (of: readonly RfmCell[], what: 'customers' | 'revenue'): number =>
    of.reduce((total, cell) => total + cell[what], 0);
  return {
    ...{ as_of: run.as_of, currency, cells },
    ...{ customers: sum(cells, 'customers'), revenue: sum(cells, 'revenue') },
    groups: RFM_GROUPS.map(group => {
      const own = cells.filter(cell => cell.group === group);
      return { group, ...RFM_WORDS[group], customers: sum(own, 'customers'), revenue: sum(own, 'revenue') };
    }),
  };
}

interface PlacedRow {
  segment: string;
  closeness: number;
  recency: number;
  frequency: number;
  monetary: number;
  rfm_group: RfmGroup;
  as_of: string;
}

/** Segment, fifths, traits and tags of one customer, with what they rest on. */
export async function customerProfileOf(stores: Stores, customerId: string): Promise<CustomerProfile> {
  const { warehouse } = stores;
  const [now, definitions, [placed]] = await Promise.all([
    dataMoment(stores),
    traitDefinitions(stores),
    warehouse.query<PlacedRow>(
      `SELECT segment, closeness, recency, frequency, monetary, rfm_group, as_of
       FROM current_segments WHERE customer_id = {id:String}`,
      { id: customerId },
    ),
  ]);
  const traits = await customerTraits(warehouse, definitions, customerId, now);
  return {
    customer_id: customerId,
    as_of: placed?.as_of ?? null,
    segment: placed ? await segmentOf(stores, customerId, placed) : null,
    rfm: placed ? rfmOf(placed) : null,
    traits,
    tags: await tagsOf(warehouse, customerId, traits, now),
  };
}

function rfmOf({ recency, frequency, monetary, rfm_group }: PlacedRow): CustomerProfile['rfm'] {
  return { recency, frequency, monetary, group: rfm_group, words: RFM_WORDS[rfm_group].words };
}

/** `since` is the first run of the unbroken row of runs in which the customer was in the segment. */
async function segmentOf(
  stores: Stores,
  customerId: string,
  { segment, closeness }: PlacedRow,
): Promise<CustomerProfile['segment']> {
  const history = await stores.warehouse.query<{ segment: string; as_of: string }>(
    'SELECT segment, as_of FROM segments FINAL WHERE customer_id = {id:String} ORDER BY scored_at DESC',
    { id: customerId },
  );
  const left = history.findIndex(row => row.segment !== segment);
  const since = history[left < 0 ? history.length - 1 : left - 1].as_of;
  const [names, kept] = await Promise.all([namesOf(stores), keptProfile(stores)]);
  const learned = kept?.card.segments.find(each => each.key === segment);
  const name = names.get(segment) ?? learned?.name ?? { en: segment, 'zh-CN': segment };
  return { key: segment, name, closeness, since };
}

/**
 * Gives a segment a person's name; empty words give the model's back.
 *
 * @throws AppError `segment.unknown`
 */
export async function renameSegment(stores: Stores, key: string, words: Words): Promise<void> {
  const kept = await keptProfile(stores);
  const known = kept?.card.segments.find(segment => segment.key === key);
  if (known === undefined) throw new AppError('segment.unknown', `there is no segment "${key}"`);
  if (words.en === '' && words['zh-CN'] === '') {
    await stores.records.deleteFrom('segment_names').where('key', '=', key).execute();
    return;
  }
  const named = { en: words.en || words['zh-CN'], 'zh-CN': words['zh-CN'] || words.en };
  const row = { words: JSON.stringify(named), named_at: new Date(stores.clock.now()) };
  await stores.records
    .insertInto('segment_names')
    .values({ key, ...row })
    .onConflict(conflict => conflict.column('key').doUpdateSet(row))
    .execute();
}
