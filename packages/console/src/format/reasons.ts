import type { Reason, ScenarioPage } from '@bellwether/contracts';
import type { Format } from './numbers.ts';

type Feature = ScenarioPage['features'][number];

export interface ReasonLanguage {
  locale: 'en' | 'zh-CN';
  format: Format;
  currency: string;
}

/**
 * A reason in words: "bought 3 times in the last 60 days". The words of a feature may hold the place of its value
 * (`{value}`, or `{}`); where they do not, the value follows them.
 */
export function reasonWords(
  reason: Pick<Reason, 'feature' | 'value'>,
  features: readonly Feature[],
  { locale, format, currency }: ReasonLanguage,
): string {
  const feature = features.find(({ name }) => name === reason.feature);
  const words = feature?.words[locale] ?? reason.feature.replaceAll('_', ' ');
  const value = reason.value === null ? '–' : valueOf(reason.value, feature?.unit ?? '', format, currency);
  const placed = words.replace(/\{(value)?\}/, value);
  return placed === words ? `${words}${locale === 'en' ? ': ' : '：'}${value}` : placed;
}

function valueOf(value: number, unit: string, format: Format, currency: string): string {
  if (unit === 'share' || unit === 'probability') return format.percent(value);
  if (unit === 'currency') return format.money(value, currency);
  const rounded = Math.abs(value) >= 10 ? Math.round(value) : Math.round(value * 10) / 10;
  return Number.isInteger(rounded) ? format.count(rounded) : format.decimal(rounded, 1);
}
