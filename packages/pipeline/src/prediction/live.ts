import { SECOND, type Milliseconds } from '@bellwether/contracts';
import { objectors } from '@bellwether/privacy';
import type { ClassifierQuestion } from '../features/index.ts';
import type { Stores } from '../stores.ts';
import { currentTerms, valueSettings } from '../training/index.ts';
import { changedSince, standingOf } from './changed.ts';
import { championInUse } from './score.ts';

type Champion = Awaited<ReturnType<typeof championInUse>>;

/** What answering live rests on, as it was when it was last looked at. */
export interface Live {
  champion: Champion;
  /** Probability from which acting is expected to pay, by these settings. */
  threshold: number;
  settings: string;
  /** By customer: when the newest thing became known that stored features cannot have seen. */
  changed: ReadonlyMap<string, Milliseconds>;
  /** Names the runs that stored features are of: another name, other features. */
  runs: string;
  /** Who objects to being profiled. */
  objecting: ReadonlySet<string>;
}

interface Kept {
  live: Live | undefined;
  /** On the process's own clock, which nobody sets. */
  lookedAt: number;
  looking: Promise<Live> | undefined;
  /** How long to wait until the next look. */
  wait: Milliseconds;
}

/** Older than this, what is kept is looked at again before it is answered from. */
const OLDEST: Milliseconds = 5 * SECOND;
/** A look takes at most a twentieth of the time. */
const SHARE = 20;

const kept = new WeakMap<object, Map<string, Kept>>();

/**
 * The champion, decoded, and who changed since its last run: looked at again at most once a second, behind the answers
 * that go on meanwhile. A champion that another process put in use is seen by then.
 *
 * @throws AppError `scenario.no_champion`, `scenario.bad_version`
 */
export async function liveOf(stores: Stores, question: ClassifierQuestion): Promise<Live> {
  const state = stateOf(stores, question.name);
  const age = performance.now() - state.lookedAt;
  if (state.live !== undefined && age < state.wait) return state.live;
  state.looking ??= look(stores, question, state).finally(() => (state.looking = undefined));
  if (state.live === undefined || age > OLDEST) return state.looking;
  // who waits for the next answer hears of a failure
  state.looking.catch(() => (state.live = undefined));
  return state.live;
}

/** Another version was put in use: the next answer looks again. */
export function forgetChampion({ records }: Pick<Stores, 'records'>, scenario: string): void {
  kept.get(records)?.delete(scenario);
}

function stateOf({ records }: Stores, scenario: string): Kept {
  const all = kept.get(records) ?? new Map<string, Kept>();
  kept.set(records, all);
  const state = all.get(scenario) ?? {
    live: undefined,
    lookedAt: -Infinity,
    looking: undefined,
    wait: SECOND,
  };
  all.set(scenario, state);
  return state;
}

async function look(stores: Stores, question: ClassifierQuestion, state: Kept): Promise<Live> {
  const started = performance.now();
  const [champion, standing, objecting] = await Promise.all([
    championNow(stores, question, state.live?.champion),
    standingOf(stores.warehouse, question.name),
    objectors(stores),
  ]);
  const changed =
    standing === undefined
      ? new Map<string, Milliseconds>()
      : await changedSince(stores.warehouse, standing, stores.clock.now());
  const runs = `${standing?.whole.scored_at}:${standing?.known_until}`;
  const terms = await termsNow(stores, champion, state.live);
  state.live = { champion, ...terms, changed, runs, objecting: new Set(objecting) };
  state.lookedAt = performance.now();
  state.wait = Math.max(SECOND, SHARE * (state.lookedAt - started));
  return state.live;
}

/** What an order is worth is asked of all sales, so only where the settings or the champion changed. */
async function termsNow(
  stores: Stores,
  champion: Champion,
  before: Live | undefined,
): Promise<Pick<Live, 'threshold' | 'settings'>> {
  const value = await valueSettings(stores.records);
  const settings = JSON.stringify(value);
  if (before?.champion === champion && before.settings === settings)
    return { threshold: before.threshold, settings };
  const terms = await currentTerms(stores, value);
  return { threshold: terms?.threshold ?? champion.card.threshold, settings };
}

/** The champion's bytes are read again only when its number changed: a version never does. */
async function championNow(
  stores: Stores,
  question: ClassifierQuestion,
  before: Champion | undefined,
): Promise<Champion> {
  const row = await stores.records
    .selectFrom('model_versions')
    .select('version')
    .where('scenario', '=', question.name)
    .where('state', '=', 'champion')
    .executeTakeFirst();
  if (before !== undefined && row?.version === before.version) return before;
  return championInUse(stores, question);
}
