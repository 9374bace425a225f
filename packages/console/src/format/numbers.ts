/** Numbers, money and time as a reader of the language writes them. All are pure; `now` is an argument. */
export interface Format {
  locale: string;
  /** 1,204 */
  count: (value: number) => string;
  /** 1.2M / 12万: only where a person would shorten; smaller numbers stay exact. */
  brief: (value: number) => string;
  /** A share of 1 as per cent: 0.18 -> 18%. */
  percent: (share: number, digits?: number) => string;
  /** A difference of shares in points, signed: 0.018 -> +1.8. The word is the dictionary's. */
  points: (difference: number) => string;
  /** The same where the sentence says more or fewer: 0.018 -> 1.8. */
  unsignedPoints: (difference: number) => string;
  /** A plain decimal: 0.812. */
  decimal: (value: number, digits?: number) => string;
  money: (value: number, currency: string, digits?: number) => string;
  briefMoney: (value: number, currency: string) => string;
  /** As short as can be, for the axis of a chart: 410K, £1.2M, 41万. */
  axis: (value: number, currency?: string) => string;
  day: (moment: string) => string;
  shortDay: (moment: string) => string;
  moment: (moment: string) => string;
  /** 3 minutes ago / 3 分钟前 */
  ago: (moment: string, now: number) => string;
  duration: (seconds: number) => string;
  bytes: (bytes: number) => string;
}

type Options = Intl.NumberFormatOptions;

export function createFormat(locale: string): Format {
  const number = cached((options: Options) => new Intl.NumberFormat(locale, options));
  const date = cached((options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options));
  // a Chinese reader says 12万 where an English one still reads 120,000
  const long = locale.startsWith('zh') ? 100_000 : 1_000_000;
  const isLong = (value: number) => Math.abs(value) >= long;
  const compact = (extra: Options, value: number) =>
    number({
      ...extra,
      notation: 'compact',
      minimumFractionDigits: 0,
      maximumFractionDigits: Math.abs(value) >= 1e8 ? 2 : 1,
    }).format(value);
  const money = (value: number, currency: string, digits = wholeMoney(value)) =>
    number({ ...currencyOf(currency), minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
      value,
    );
  return {
    locale,
    count: value => number({ maximumFractionDigits: 0 }).format(value),
    brief: value => (isLong(value) ? compact({}, value) : number({ maximumFractionDigits: 0 }).format(value)),
    percent: (share, digits = percentDigits(share)) => {
      const write = number({
        style: 'percent',
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      });
      // a share that is there is not nothing
      const least = 10 ** -(digits + 2);
      return share > 0 && share < least / 2 ? `<${write.format(least)}` : write.format(share);
    },
    points: difference =>
      number({ signDisplay: 'exceptZero', minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(
        difference * 100,
      ),
    unsignedPoints: difference =>
      number({ minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(Math.abs(difference) * 100),
    axis: (value, currency) => compact(currency === undefined ? {} : currencyOf(currency), value),
    decimal: (value, digits = 3) =>
      number({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value),
    money,
    briefMoney: (value, currency) =>
      isLong(value) ? compact(currencyOf(currency), value) : money(value, currency),
    day: moment =>
      date({ year: 'numeric', month: 'short', day: 'numeric', timeZone: zoneOf(moment) }).format(at(moment)),
    shortDay: moment => date({ month: 'short', day: 'numeric', timeZone: zoneOf(moment) }).format(at(moment)),
    moment: moment => date({ dateStyle: 'medium', timeStyle: 'short' }).format(at(moment)),
    ago: (moment, now) => ago(locale, (at(moment).getTime() - now) / 1000),
    duration: seconds => duration(locale, seconds),
    bytes: bytes =>
      sized(bytes, (value, unit) => number({ style: 'unit', unit, maximumFractionDigits: 1 }).format(value)),
  };
}

/** One formatter for each set of options: making one costs more than using it a hundred times. */
function cached<Options_ extends object, Formatter>(make: (options: Options_) => Formatter) {
  const made = new Map<string, Formatter>();
  return (options: Options_): Formatter => {
    const key = JSON.stringify(options);
    const formatter = made.get(key) ?? make(options);
    made.set(key, formatter);
    return formatter;
  };
}

const at = (moment: string): Date => new Date(moment);
/** A bare day (2011-08-01) is that day everywhere; a moment is read in the reader's zone. */
const zoneOf = (moment: string): string | undefined => (moment.length <= 10 ? 'UTC' : undefined);
/** A shop that never said its currency still has amounts: bare numbers. XXX is how ISO 4217 writes "none". */
const currencyOf = (currency: string): Options =>
  /^[A-Z]{3}$/.test(currency) && currency !== 'XXX'
    ? { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }
    : {};
const wholeMoney = (value: number): number => (Math.abs(value) >= 100 || value === 0 ? 0 : 2);
const percentDigits = (share: number): number => (Math.abs(share) < 0.1 && share !== 0 ? 1 : 0);

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

function ago(locale: string, seconds: number): string {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  return unit === 'second' ? words.format(0, 'second') : words.format(Math.round(seconds / size), unit);
}

function duration(locale: string, seconds: number): string {
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: 0,
    }).format(value);
  if (seconds < 90) return unit(Math.max(0, Math.ceil(seconds)), 'second');
  return seconds < 5_400
    ? unit(Math.round(seconds / 60), 'minute')
    : unit(Math.round(seconds / 3_600), 'hour');
}

const BYTES = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
function sized(bytes: number, write: (value: number, unit: string) => string): string {
  const power = Math.min(BYTES.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return write(bytes / 1000 ** power, BYTES[power] ?? 'byte');
}
