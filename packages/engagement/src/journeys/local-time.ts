import { DAY, type Milliseconds } from '@bellwether/contracts';

/** A time of day, on some days of the week: Monday is 1; none means every day. */
export interface TimeOfDay {
  hour: number;
  minute: number;
  weekdays: readonly number[];
}

/**
 * The first moment after `now` at which the clock of a time zone shows this time. Where the clock jumps over it in
 * spring, the moment an hour later.
 *
 * @param zone an IANA name; UTC where it is empty or unknown
 * @example
 * nextLocal(Date.UTC(2026, 5, 1, 12), 'Asia/Shanghai', { hour: 9, minute: 0, weekdays: [] }); // 2026-06-02T01:00:00Z
 */
export function nextLocal(now: Milliseconds, zone: string, time: TimeOfDay): Milliseconds {
  const today = localDay(now, zone);
  for (let ahead = 0; ahead <= 8; ahead++) {
    const day = today + ahead * DAY;
    const moment = fromLocal(day + time.hour * HOUR + time.minute * MINUTE, zone);
    if (moment > now && fits(day, time)) return moment;
  }
  // eight days hold every day of the week after now
  return now + DAY;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function fits(day: Milliseconds, { weekdays }: TimeOfDay): boolean {
  const weekday = new Date(day).getUTCDay() || 7;
  return weekdays.length === 0 || weekdays.includes(weekday);
}

/** Midnight of the day that a zone's calendar shows, written as if it were UTC. */
function localDay(moment: Milliseconds, zone: string): Milliseconds {
  return Math.floor((moment + offsetAt(moment, zone)) / DAY) * DAY;
}

/** The moment at which a zone's clock shows this, written as if it were UTC. */
function fromLocal(shown: Milliseconds, zone: string): Milliseconds {
  const first = shown - offsetAt(shown, zone);
  return shown - offsetAt(first, zone);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const kept = formats.get(zone);
  if (kept !== undefined) return kept;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: isZone(zone) ? zone : 'UTC',
    hourCycle: 'h23',
    ...{
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    },
  });
  formats.set(zone, format);
  return format;
}

function isZone(zone: string): boolean {
  try {
    return zone !== '' && new Intl.DateTimeFormat('en-US', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

/** By how much a zone's clock is ahead of UTC at a moment. */
function offsetAt(moment: Milliseconds, zone: string): Milliseconds {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const shown = Date.UTC(year, month - 1, day, hour, minute, second);
  return shown - Math.floor(moment / 1000) * 1000;
}
