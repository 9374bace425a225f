import { AppError, sentenceOf } from '@bellwether/contracts';
import { Kysely, Migrator, PostgresDialect, type Migration } from 'kysely';
import pg from 'pg';
import * as accounts from './migrations/0001_accounts.ts';
import * as work from './migrations/0002_work.ts';
import * as engagement from './migrations/0003_engagement.ts';
import * as cards from './migrations/0004_cards.ts';
import * as operations from './migrations/0005_operations.ts';
import * as profile from './migrations/0006_profile.ts';
import * as journeys from './migrations/0012_journeys.ts';
import * as tables from './migrations/0009_tables.ts';
import * as people from './migrations/0010_people.ts';
import type * as A from './tables/accounts.ts';
import type * as E from './tables/engagement.ts';
import type * as N from './tables/people.ts';
import type * as O from './tables/operations.ts';
import type * as P from './tables/profile.ts';
import type * as L from './tables/learned.ts';
import type * as W from './tables/work.ts';

/** Every table of the records. */
export interface Database {
  users: A.UsersTable;
  sessions: A.SessionsTable;
  api_keys: A.ApiKeysTable;
  settings: A.SettingsTable;
  sink_mails: A.SinkMailsTable;
  jobs: W.JobsTable;
  imports: W.ImportsTable;
  identity_merges: W.IdentityMergesTable;
  model_versions: W.ModelVersionsTable;
  learned_tables: L.LearnedTablesTable;
  audiences: E.AudiencesTable;
  templates: E.TemplatesTable;
  journeys: E.JourneysTable;
  journey_versions: E.JourneyVersionsTable;
  enrolments: E.EnrolmentsTable;
  journey_marks: E.JourneyMarksTable;
  journey_flow: E.JourneyFlowTable;
  outbox: E.OutboxTable;
  warehouse_feed: E.WarehouseFeedTable;
  consents: E.ConsentsTable;
  suppressions: E.SuppressionsTable;
  scenario_runs: O.ScenarioRunsTable;
  scenario_schedules: O.ScenarioSchedulesTable;
  scenario_dues: O.ScenarioDuesTable;
  scenario_outcomes: O.ScenarioOutcomesTable;
  scenario_shadows: O.ScenarioShadowsTable;
  traits: P.TraitsTable;
  segment_names: P.SegmentNamesTable;
  lookalikes: P.LookalikesTable;
  duplicate_runs: N.DuplicateRunsTable;
  duplicate_pairs: N.DuplicatePairsTable;
  profiling_choices: N.ProfilingChoicesTable;
  erasures: N.ErasuresTable;
  held_back: N.HeldBackTable;
}

/** What was decided, in PostgreSQL. */
export type Records = Kysely<Database>;

const MIGRATIONS: Record<string, Migration> = {
  '0001_accounts': accounts,
  '0002_work': work,
  '0003_engagement': engagement,
  '0004_cards': cards,
  '0005_operations': operations,
  '0006_profile': profile,
  '0009_tables': tables,
  '0010_people': people,
  '0012_journeys': journeys,
};

const BIGINT_OID = 20;

export interface RecordsOptions {
  /** `postgres://user:password@host:port/database`, or with `?host=/folder` for a socket. */
  url: string;
  connections?: number;
}

/** Counts and identities come back as numbers: none of ours passes 2^53. */
const typeParser: pg.CustomTypesConfig['getTypeParser'] = (oid, format) =>
  Number(oid) === BIGINT_OID ? Number : (pg.types.getTypeParser(oid, format) as (text: string) => unknown);

/** Opens a pool; nothing is asked of the server until the first query. */
export function openRecords(options: RecordsOptions): Records {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connections ?? 12,
    types: { getTypeParser: typeParser },
  });
  // a connection that dies is replaced at the next query, which reports its own failure: also one that is lent out
  // and waiting between two queries, whose error nobody else would hear
  pool.on('error', () => undefined);
  pool.on('connect', client => client.on('error', () => undefined));
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}

/**
 * Brings the records to this version's shape, each step in a transaction.
 *
 * @throws AppError `records.newer` when the data was written by a later version, `records.migration_failed` otherwise
 */
export async function migrateRecords(records: Records): Promise<string[]> {
  const migrator = new Migrator({ db: records, provider: { getMigrations: async () => MIGRATIONS } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return (results ?? []).map(result => result.migrationName);
  const newer = /missing|corrupted/.test(sentenceOf(error));
  const what = newer
    ? 'the records were written by a newer Bellwether; upgrade, or choose another data folder'
    : sentenceOf(error);
  throw new AppError(newer ? 'records.newer' : 'records.migration_failed', what, { cause: error });
}
