import { DAY, HOUR, MINUTE, SECOND, type Milliseconds } from '@bellwether/contracts';

const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?<zone>Z|[+-]\d\d:?\d\d)?)?$/i;

/** What `toISOString` writes, and so nearly every client. */
const USUAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * A moment as clients write it: ISO 8601 (a text without a zone is UTC) or a number of milliseconds since 1970.
 *
 * @returns NaN for anything else: `Date.parse` alone would take "order 1" for the year 2001
 */
export function momentOf(said: unknown): Milliseconds {
  if (typeof said === 'number') return Math.round(said);
  if (typeof said !== 'string') return Number.NaN;
  if (USUAL.test(said)) return Date.parse(said);
  const iso = ISO.exec(said);
  if (iso === null) return Number.NaN;
  const zoned = iso.groups?.['zone'] !== undefined || said.length === 10;
  return Date.parse(zoned ? said : `${said}Z`);
}

const pad2 = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));
const pad3 = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'));

/**
 * A writer of moments as the warehouse reads them, `2026-01-31 12:00:00.000` in UTC. It remembers the last day it wrote,
 * which makes it five times as fast as `toISOString`.
 */
export function momentWriter(): (moment: Milliseconds) => string {
  let day = Number.NaN;
  let prefix = '';
  return moment => {
    const thisDay = Math.floor(moment / DAY);
    if (thisDay !== day) {
      day = thisDay;
      prefix = `${new Date(thisDay * DAY).toISOString().slice(0, -14)} `;
    }
    const rest = moment - thisDay * DAY;
    const hour = pad2[Math.floor(rest / HOUR)];
    const minute = pad2[Math.floor((rest % HOUR) / MINUTE)];
    return `${prefix}${hour}:${minute}:${pad2[Math.floor((rest % MINUTE) / SECOND)]}.${pad3[rest % SECOND]}`;
  };
}
