import {
  DAY,
  HOUR,
  SCHEDULE_PIECES,
  type Milliseconds,
  type Schedule,
  type SchedulePiece,
  type ScheduleState,
} from '@bellwether/contracts';
import type { Records } from '@bellwether/records';
import type { Stores } from '../stores.ts';

/** What holds until somebody changes it: in the small hours everybody, each hour who changed, learning when advised. */
export const DEFAULT_SCHEDULE: Schedule = {
  on: true,
  changed: 'hourly',
  all: 'daily',
  hour: 3,
  train: 'auto',
};

/** Where and how a schedule's hours are meant. */
export interface ScheduleTerms {
  /** IANA zone of the shop's days. */
  timezone: string;
  /** Whether a scenario works by itself before anybody said so: not in the demo. */
  byDefault: boolean;
}

/** What schedules are kept in and told by. */
export type Deciding = Pick<Stores, 'records' | 'clock'>;

/**
 * When a piece of a schedule is due next, strictly after a moment; nothing where it is off. Hours are the shop's own: on
 * the day on which the clocks go forward past it, the hour is the moment at which they do.
 *
 * @example
 * nextAt('all', { ...DEFAULT_SCHEDULE, hour: 3 }, Date.UTC(2026, 0, 1, 12), 'Europe/London'); // 2026-01-02T03:00Z
 */
export function nextAt(
  piece: SchedulePiece,
  schedule: Schedule,
  after: Milliseconds,
  timezone: string,
): Milliseconds | undefined {
  if (!schedule.on || schedule[piece] === 'off') return undefined;
  if (piece === 'changed') return (Math.floor(after / HOUR) + 1) * HOUR;
  const weekly = piece === 'train' && schedule.train === 'weekly';
  for (let day = startOfDay(after, timezone) - DAY; ; day += DAY) {
    const date = localDate(day + DAY / 2, timezone);
    const due = momentOf(date, schedule.hour, timezone);
    if (due > after && (!weekly || isMonday(date))) return due;
  }
}

/** A day of a calendar, without a zone. */
interface LocalDate {
  year: number;
  month: number;
  day: number;
}

const isMonday = ({ year, month, day }: LocalDate): boolean =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay() === 1;

function startOfDay(moment: Milliseconds, timezone: string): Milliseconds {
  return momentOf(localDate(moment, timezone), 0, timezone);
}

/** The first moment at which clocks there show this hour, or, where it is skipped, a later one. */
function momentOf({ year, month, day }: LocalDate, hour: number, timezone: string): Milliseconds {
  const wanted = Date.UTC(year, month - 1, day, hour);
  // offsets a day around: before and after a change of the clocks
  const candidates = [wanted - offsetAt(wanted - DAY, timezone), wanted - offsetAt(wanted + DAY, timezone)];
  const shown = candidates.filter(moment => moment + offsetAt(moment, timezone) === wanted);
  return shown.length > 0 ? Math.min(...shown) : Math.max(...candidates);
}

/** How far clocks there are ahead of UTC. */
function offsetAt(moment: Milliseconds, timezone: string): Milliseconds {
  const { year, month, day, hour, minute, second } = partsAt(moment, timezone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(moment / 1000) * 1000;
}

function localDate(moment: Milliseconds, timezone: string): LocalDate {
  const { year, month, day } = partsAt(moment, timezone);
  return { year, month, day };
}

const formats = new Map<string, Intl.DateTimeFormat>();

function partsAt(moment: Milliseconds, timezone: string) {
  const format =
    formats.get(timezone) ??
    new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: timezone, hourCycle: 'h23', calendar: 'gregory', numberingSystem: 'latn' },
      ...{
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      },
    });
  formats.set(timezone, format);
  const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return {
    ...{ year: part('year'), month: part('month'), day: part('day') },
    ...{ hour: part('hour'), minute: part('minute'), second: part('second') },
  };
}

/** The schedule of a scenario, as somebody set it or by default. */
export async function scheduleOf(
  records: Records,
  scenario: string,
  { byDefault }: Pick<ScheduleTerms, 'byDefault'>,
): Promise<Schedule & { is_default: boolean }> {
  const row = await records
    .selectFrom('scenario_schedules')
    .select('schedule')
    .where('scenario', '=', scenario)
    .executeTakeFirst();
  if (row !== undefined) return { ...row.schedule, is_default: false };
  return { ...DEFAULT_SCHEDULE, on: byDefault, is_default: true };
}

/** The schedule with its next times, for people. */
export async function scheduleState(
  { records, clock }: Deciding,
  scenario: string,
  terms: ScheduleTerms,
): Promise<ScheduleState> {
  const schedule = await scheduleOf(records, scenario, terms);
  const now = clock.now();
  const next = SCHEDULE_PIECES.map(piece => {
    const at = nextAt(piece, schedule, now, terms.timezone);
    return [piece, at === undefined ? null : new Date(at).toISOString()] as const;
  });
  // every piece is among the pairs
  return { ...schedule, timezone: terms.timezone, next: Object.fromEntries(next) as ScheduleState['next'] };
}

/** Sets a schedule; its next times are reckoned from now. */
export async function changeSchedule(
  stores: Deciding,
  scenario: string,
  schedule: Schedule,
  terms: ScheduleTerms,
): Promise<ScheduleState> {
  const row = { schedule: JSON.stringify(schedule), changed_at: new Date(stores.clock.now()) };
  await stores.records.transaction().execute(async transaction => {
    await transaction
      .insertInto('scenario_schedules')
      .values({ scenario, ...row })
      .onConflict(conflict => conflict.column('scenario').doUpdateSet(row))
      .execute();
    await transaction.deleteFrom('scenario_dues').where('scenario', '=', scenario).execute();
  });
  return scheduleState(stores, scenario, terms);
}
