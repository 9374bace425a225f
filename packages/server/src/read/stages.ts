import type { Job, StageState } from '@bellwether/contracts';
import type { Situation } from './overview.ts';

type Stage = StageState['stage'];
type Finding = Omit<StageState, 'stage' | 'error'> & { error?: string | null };

/** The six stations of the loop, each with its state, since when, and the figures that tell most. */
export function stagesOf(situation: Situation): StageState[] {
  const findings: Record<Stage, Finding> = {
    collect: collected(situation),
    prepare: prepared(situation),
    learn: learned(situation),
    score: scored(situation),
    act: acted(situation),
    measure: measured(situation),
  };
  const busy = busyStage(situation.jobs);
  // the keys are those of the record above
  return (Object.keys(findings) as Stage[]).map(stage => {
    const finding = findings[stage];
    return { stage, error: null, ...finding, ...(stage === busy ? { state: 'running' as const } : {}) };
  });
}

const STAGE_OF_JOB: Readonly<Record<string, Stage>> = {
  import: 'collect',
  prepare: 'prepare',
  quality: 'prepare',
  train: 'learn',
  score: 'score',
};
/** Where the loop's job stands, by the beginning of its step. */
const STAGE_OF_STEP: readonly (readonly [RegExp, Stage])[] = [
  [/^(import|demo)/, 'collect'],
  [/^(loop\.prepare|prepare|identity|quality)/, 'prepare'],
  [/^(loop\.learn|train|features|fit)/, 'learn'],
  [/^(loop\.score|score|predict)/, 'score'],
  [/^(audience|journey|deliver|enrol)/, 'act'],
];

function busyStage(jobs: readonly Job[]): Stage | undefined {
  const job = jobs.find(({ state }) => state === 'running');
  if (job === undefined) return undefined;
  return (
    STAGE_OF_JOB[job.name] ?? STAGE_OF_STEP.find(([pattern]) => pattern.test(job.step))?.[1] ?? 'prepare'
  );
}

function collected({ arrivals }: Situation): Finding {
  const { events_total: events, orders_total: orders, quarantined, waiting, last_received_at: at } = arrivals;
  const empty = events === 0 && orders === 0;
  return { state: empty ? 'empty' : 'ok', at, figures: { orders, events, quarantined, waiting } };
}

function prepared({ preparation, arrivals }: Situation): Finding {
  if (preparation === undefined)
    return { state: hasData(arrivals) ? 'waiting' : 'empty', at: null, figures: {} };
  const { at, lines_in, lines_out, customers_out: customers } = preparation;
  const stale = (arrivals.last_received_at ?? '') > at;
  return {
    state: stale ? 'stale' : 'ok',
    at,
    figures: { lines_out, customers, dropped: lines_in - lines_out },
  };
}

function learned({ page, champion }: Situation): Finding {
  if (champion === undefined)
    return { state: page?.ready === true ? 'waiting' : 'empty', at: null, figures: {} };
  const auc = champion.card.kind === 'classifier' ? champion.card.model.auc.value : null;
  const figures = { ...(auc === null ? {} : { auc }), version: champion.version };
  return { state: page?.advice.retrain === true ? 'stale' : 'ok', at: champion.created_at, figures };
}

function scored({ page, champion }: Situation): Finding {
  const results = page?.results ?? null;
  if (results === null) return { state: champion === undefined ? 'empty' : 'waiting', at: null, figures: {} };
  const { scored: count, chosen } = results;
  const at = page?.scored_at ?? null;
  const stale = (champion?.promoted_at ?? '') > (at ?? '');
  return { state: stale ? 'stale' : 'ok', at, figures: { scored: count, chosen } };
}

function acted({ journeys, measured: last, page }: Situation): Finding {
  const running = journeys.filter(({ state }) => state === 'running').length;
  if (last === undefined)
    return { state: (page?.results ?? null) === null ? 'empty' : 'waiting', at: null, figures: { running } };
  const { sent, dry_run } = last.results.messages;
  const figures = { running, ...(last.journey.graph.dry_run ? { dry_run } : { sent }) };
  return { state: 'ok', at: last.journey.started_at, figures };
}

function measured({ measured: last }: Situation): Finding {
  if (last === undefined) return { state: 'empty', at: null, figures: {} };
  const { lift, as_of: at } = last.results;
  if (last.journey.graph.dry_run || lift.value === null) return { state: 'waiting', at: null, figures: {} };
  return { state: 'ok', at, figures: { lift: lift.value } };
}

const hasData = ({ events_total, orders_total }: Situation['arrivals']): boolean =>
  events_total + orders_total > 0;
