import type {
  DuplicateEvidence,
  DuplicatePair,
  DuplicatePerson,
  DuplicateQuery,
  DuplicateRun,
} from '@bellwether/contracts';
import { sql, type DuplicatePairsTable, type Records, type Selectable } from '@bellwether/records';
import { sqlBeside, type Warehouse } from '@bellwether/warehouse';
import type { Stores } from '../../stores.ts';
import { FIELDS } from './fields.ts';
import { duplicateRuns } from './find.ts';
import { countPairs } from './queue.ts';

const PEOPLE_OF = sqlBeside(import.meta.url, 'people-of.sql');

export interface DuplicatePage {
  run: DuplicateRun | null;
  counts: { open: number; merged: number; refused: number };
  rows: DuplicatePair[];
  total: number;
}

/** Pairs to decide on, or decided, the surest first, each with both people as they are now and the evidence in words. */
export async function duplicatePairs(stores: Stores, query: DuplicateQuery): Promise<DuplicatePage> {
  const { records, warehouse } = stores;
  const [counts, [run], rows, { total }] = await Promise.all([
    countPairs(records),
    duplicateRuns(records, 1),
    found(records, query)
      .selectAll()
      .orderBy('probability', 'desc')
      .orderBy('left_id')
      .orderBy('right_id')
      .limit(query.limit)
      .offset(query.offset)
      .execute(),
    found(records, query)
      .select(sql<number>`count(*)`.as('total'))
      .executeTakeFirstOrThrow(),
  ]);
  const people = await peopleOf(
    warehouse,
    rows.flatMap(row => [row.left_id, row.right_id]),
  );
  return { run: run ?? null, counts, total, rows: rows.map(row => pairOf(row, people)) };
}

function found(records: Records, { state, least, search, field }: DuplicateQuery) {
  let query = records
    .selectFrom('duplicate_pairs')
    .where('state', '=', state)
    .where('probability', '>=', least);
  if (search !== '')
    query = query.where(
      sql<boolean>`strpos(lower(left_id || chr(10) || right_id), ${search.toLowerCase()}) > 0`,
    );
  const at = FIELDS.findIndex(({ name }) => name === field);
  // agreement is what speaks for one person
  return at < 0 ? query : query.where(sql<boolean>`bits[${sql.lit(at + 1)}] > 0`);
}

/** Ids that one query is asked for. */
const AT_ONCE = 1_000;

type PeopleById = (id: string) => DuplicatePerson;

/** These customers as they are now; who is none any more has an id and nothing else. */
export async function peopleOf(warehouse: Warehouse, ids: readonly string[]): Promise<PeopleById> {
  const wanted = [...new Set(ids)];
  const rows: DuplicatePerson[] = [];
  for (let start = 0; start < wanted.length; start += AT_ONCE)
    rows.push(
      ...(await warehouse.query<DuplicatePerson>(PEOPLE_OF, { ids: wanted.slice(start, start + AT_ONCE) })),
    );
  const byId = new Map(rows.map(row => [row.customer_id, row]));
  return id => byId.get(id) ?? { ...NOBODY, customer_id: id };
}

const NOBODY: Omit<DuplicatePerson, 'customer_id'> = {
  ...{ name: '', email: '', phone: '', city: '', country: '', gender: '', age: null },
  ...{ orders: 0, revenue: 0, first_order_at: null, last_order_at: null },
};

/** Who of two stays: the one with more orders, then the one who came first, then the shorter and the smaller number. */
export function staysOf(left: DuplicatePerson, right: DuplicatePerson): 'left' | 'right' {
  if (left.orders !== right.orders) return left.orders > right.orders ? 'left' : 'right';
  const [one, other] = [left.first_order_at ?? '', right.first_order_at ?? ''];
  if (one !== other) return one < other ? 'left' : 'right';
  return left.customer_id <= right.customer_id ? 'left' : 'right';
}

function pairOf(row: Selectable<DuplicatePairsTable>, people: PeopleById): DuplicatePair {
  const [left, right] = [people(row.left_id), people(row.right_id)];
  return {
    ...{ left, right, keep: staysOf(left, right) },
    ...{ probability: row.probability, prior_bits: row.prior_bits },
    evidence: evidenceOf(row, left, right),
    ...{ group: row.group_number, group_size: row.group_size, bridge: row.bridge, state: row.state },
    ...{ decided_by: row.decided_by, decided_at: row.decided_at?.toISOString() ?? null },
  };
}

function evidenceOf(
  { levels, bits }: Selectable<DuplicatePairsTable>,
  left: DuplicatePerson,
  right: DuplicatePerson,
): DuplicateEvidence[] {
  return FIELDS.flatMap(({ name, levels: known }, f) => {
    const level = known[levels[f] - 1];
    if (level === undefined) return [];
    const [said, other] = [left, right].map(person => String(shown(person, name) ?? ''));
    return [{ field: name, level: level.name, words: level.words, bits: bits[f], left: said, right: other }];
  });
}

function shown(person: DuplicatePerson, field: string): string | number | null {
  // the fields that are compared are fields of a person
  return person[field as keyof DuplicatePerson];
}
