import type { Estimate } from '@bellwether/contracts';

export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

/** How a reader of one language writes figures. */
export interface Format {
  count: (value: number) => string;
  decimal: (value: number) => string;
  percent: (share: number) => string;
  /** A difference of two shares, in points: 0.012 is 1.2 points. */
  points: (difference: number) => string;
  money: (value: number) => string;
  moment: (iso: string) => string;
  day: (iso: string) => string;
  /** `0.781 (0.769–0.793)`, or a dash where the data cannot say. */
  estimate: (estimate: Estimate, write: (value: number) => string) => string;
}

export function formats(language: Language, currency: string): Format {
  const number = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(language, options);
  const [count, decimal] = [number({ maximumFractionDigits: 0 }), number({ maximumSignificantDigits: 3 })];
  const percent = number({ style: 'percent', maximumFractionDigits: 1 });
  const points = number({ maximumFractionDigits: 2, signDisplay: 'exceptZero' });
  const money = number({ style: 'currency', currency, maximumFractionDigits: 0 });
  const moment = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  return {
    count: value => count.format(value),
    decimal: value => decimal.format(value),
    percent: share => percent.format(share),
    points: difference => `${points.format(difference * 100)}${language === 'en' ? ' points' : ' 个百分点'}`,
    money: value => money.format(value),
    moment: iso => `${moment.format(new Date(iso))} UTC`,
    day: iso => day.format(new Date(iso)),
    estimate({ value, low, high }, write) {
      if (value === null) return '–';
      return low === null || high === null ? write(value) : `${write(value)} (${write(low)}–${write(high)})`;
    },
  };
}
