import type {
  Arrivals,
  Job,
  Journey,
  JourneyResults,
  ModelVersion,
  Overview,
  PreparationReport,
  ScenarioPage,
} from '@bellwether/contracts';
import { journeyResults, listJourneys } from '@bellwether/engagement';
import { arrivals, dataMoment, lastPreparation, scenarioPage } from '@bellwether/pipeline';
import { scenarios } from '@bellwether/scenarios';
import { clickhouseTime, sqlBeside } from '@bellwether/warehouse';
import type { Installation } from '../installation.ts';
import { proposalsOf } from './proposals.ts';
import { stagesOf } from './stages.ts';
import { truthOf } from './truth.ts';
import { currencyOf } from './currency.ts';

const TOTALS = sqlBeside(import.meta.url, 'totals.sql');
const WEEKS = sqlBeside(import.meta.url, 'weeks.sql');

const AT_RISK = `SELECT count() AS n FROM current_lifecycle WHERE stage = 'at_risk'`;

/** Where nothing is learned yet, "recently" means this many days. */
const DAYS = 30;

/** Everything that the overview is computed from, read once. */
export interface Situation {
  arrivals: Arrivals;
  preparation: PreparationReport | undefined;
  /** The page of who will buy. */
  page: ScenarioPage | undefined;
  champion: ModelVersion | undefined;
  journeys: Journey[];
  /** The journey that was started last, with what it came to. */
  measured: { journey: Journey; results: JourneyResults } | undefined;
  /** Customers whom the lifecycle finds at risk. */
  atRisk: number;
  /** Work that waits or runs. */
  jobs: Job[];
}

type Seen = Pick<Installation, 'stores' | 'collection' | 'engagement' | 'jobs' | 'settings' | 'demo'>;

export async function situationOf({ stores, collection, engagement, jobs }: Seen): Promise<Situation> {
  const first = scenarios.find(({ kind }) => kind === 'classifier');
  const [came, preparation, page, journeys, atRisk, allJobs] = await Promise.all([
    arrivals(stores, collection),
    lastPreparation(stores.warehouse),
    first === undefined ? undefined : scenarioPage(stores, first),
    listJourneys(engagement),
    stores.warehouse.one<{ n: number }>(AT_RISK),
    jobs.list(50),
  ]);
  const journey = lastStarted(journeys);
  return {
    arrivals: came,
    preparation: preparation ?? undefined,
    page,
    champion: page?.versions.find(({ state }) => state === 'champion'),
    journeys,
    atRisk: atRisk.n,
    measured:
      journey === undefined ? undefined : { journey, results: await journeyResults(engagement, journey.id) },
    jobs: allJobs.filter(({ state }) => state === 'queued' || state === 'running'),
  };
}

/** The state of the loop today, all of it computed from what the stores hold. */
export async function overviewOf(installation: Seen): Promise<Overview> {
  const { stores, demo } = installation;
  const situation = await situationOf(installation);
  const { page, champion } = situation;
  const asOf = await dataMoment(stores);
  const days = champion?.card.horizon_days ?? DAYS;
  const moment = clickhouseTime(asOf);
  const [totals, weeks] = await Promise.all([
    stores.warehouse.one<Totals>(TOTALS, { as_of: moment, days }),
    stores.warehouse.query<Overview['revenue_by_week'][number]>(WEEKS, { as_of: moment }),
  ]);
  return {
    as_of: new Date(asOf).toISOString(),
    demo,
    currency: await currencyOf(installation),
    stages: stagesOf(situation),
    customers: totals.customers,
    orders: totals.orders,
    revenue: totals.revenue,
    expected_buyers: page?.results?.expected ?? null,
    horizon_days: days,
    previous_buyers: totals.orders === 0 ? null : totals.recent_buyers,
    revenue_by_week: weeks,
    learned: champion === undefined ? null : learnedOf(champion),
    worth: await worthOf(installation, situation),
    proposals: proposalsOf(situation),
  };
}

interface Totals {
  customers: number;
  orders: number;
  revenue: number;
  recent_buyers: number;
}

function lastStarted(journeys: readonly Journey[]): Journey | undefined {
  const started = journeys.filter(({ started_at }) => started_at !== null);
  return started.sort((a, b) => (b.started_at ?? '').localeCompare(a.started_at ?? ''))[0];
}

function learnedOf({ scenario, version, created_at, card }: ModelVersion): Overview['learned'] {
  if (card.kind !== 'classifier') return null;
  const [auc, baseline] = [card.model.auc.value, card.baseline.auc.value];
  if (auc === null || baseline === null) return null;
  return {
    scenario,
    version,
    auc,
    baseline_auc: baseline,
    lift: card.model.top_decile_lift,
    trained_at: created_at,
  };
}

async function worthOf({ stores }: Seen, { measured }: Situation): Promise<Overview['worth']> {
  if (measured === undefined) return null;
  const { journey, results } = measured;
  return {
    journey_id: journey.id,
    name: journey.name,
    lift: results.lift,
    incremental_revenue: results.incremental_revenue,
    sent: results.messages.sent,
    truth: await truthOf(stores.records, journey.id),
    dry_run: journey.graph.dry_run,
  };
}
