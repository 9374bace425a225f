import type { Reason, ScenarioPage } from '@bellwether/contracts';
import type { Format } from './numbers.ts';

type Feature = ScenarioPage['features'][number];

/**
 * A reason in words: "bought 3 times in the last 60 days". The words of a feature may hold the place of its value
 * (`{value}`, or `{}`); where they do not, the value follows them.
 */
export function reasonWords(
  reason: Pick<Reason, 'feature' | 'value'>,
  features: readonly Feature[],
  locale: 'en' | 'zh-CN',
  format: Format,
): string {
  const feature = features.find(({ name }) => name === reason.feature);
  const words = feature?.words[locale] ?? reason.feature.replaceAll('_', ' ');
  const value = reason.value === null ? '–' : valueOf(reason.value, feature?.unit ?? '', format);
  const placed = words.replace(/\{(value)?\}/, value);
  return placed === words ? `${words}${locale === 'en' ? ': ' : '：'}${value}` : placed;
}

function valueOf(value: number, unit: string, format: Format): string {
  if (unit === 'share' || unit === 'probability') return format.percent(value);
  return Number.isInteger(value) ? format.count(value) : format.decimal(value, Math.abs(value) >= 10 ? 0 : 1);
}
