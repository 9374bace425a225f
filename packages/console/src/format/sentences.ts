import type { Estimate, JourneyResults, Overview } from '@bellwether/contracts';
import type { TFunction } from 'i18next';
import type { Format } from './numbers.ts';

/** What Today says first: who will buy, how sure that is, and whether that is more than before. */
export function todayAnswer(overview: Overview, t: TFunction, format: Format): string {
  const { expected_buyers: expected, horizon_days: days, customers, orders } = overview;
  if (customers === 0 && orders === 0) return t('today.answer.nothing');
  const value = expected?.value ?? null;
  if (expected === null || value === null) {
    return t('today.answer.unlearned', { customers: format.brief(customers), orders: format.brief(orders) });
  }
  return t('today.answer', {
    count: Math.round(value),
    n: format.brief(Math.round(value)),
    days,
    range: range(expected, value => format.brief(Math.round(value))),
    change: changeSince(value, overview.previous_buyers, days, t, format),
  });
}

function changeSince(
  value: number,
  before: number | null,
  days: number,
  t: TFunction,
  format: Format,
): string {
  if (before === null || before === 0) return '';
  const change = value / before - 1;
  if (Math.abs(change) < 0.005) return t('today.change.same', { days });
  const percent = format.percent(Math.abs(change), 0);
  return change > 0 ? t('today.change.more', { percent, days }) : t('today.change.fewer', { percent, days });
}

/** What the last mailing was worth, without claiming more than its interval allows. */
export function worthAnswer(
  worth: NonNullable<Overview['worth']>,
  currency: string,
  t: TFunction,
  format: Format,
): string {
  const { name, lift, incremental_revenue: revenue } = worth;
  if (worth.dry_run) return t('worth.dryRun', { name, n: format.count(worth.sent) });
  if (lift.value === null || lift.low === null || lift.high === null) return t('worth.unknown', { name });
  const words = {
    name,
    points: format.unsignedPoints(lift.value),
    low: format.points(lift.low),
    high: format.points(lift.high),
  };
  if (lift.low > 0) {
    const money =
      revenue.value === null ? '' : t('worth.money', { money: format.briefMoney(revenue.value, currency) });
    return t('worth.more', { ...words, money });
  }
  return lift.high < 0 ? t('worth.fewer', words) : t('worth.unclear', words);
}

/** What a journey did: the answer of its page. */
export function journeyAnswer(
  results: JourneyResults,
  isDryRun: boolean,
  t: TFunction,
  format: Format,
): string {
  const { treated, holdout, messages, lift } = results;
  if (isDryRun) return t('journey.answer.dryRun', { n: format.count(messages.dry_run) });
  if (treated.customers === 0) return t('journey.answer.nobody');
  if (lift.value === null || lift.low === null || lift.high === null) {
    return t('journey.answer.early', { n: format.count(treated.customers) });
  }
  const words = {
    treated: format.percent(treated.buyers / treated.customers, 1),
    holdout: format.percent(holdout.buyers / Math.max(1, holdout.customers), 1),
    points: format.points(lift.value),
    low: format.points(lift.low),
    high: format.points(lift.high),
  };
  return lift.low > 0 || lift.high < 0
    ? t('journey.answer.clear', words)
    : t('journey.answer.unclear', words);
}

/** 1,130–1,290; with a minus in it, −13 … 118, lest the dash be read as one. */
export function range(estimate: Estimate, write: (value: number) => string): string {
  if (estimate.low === null || estimate.high === null) return '';
  return `${write(estimate.low)}${estimate.low < 0 ? ' … ' : '–'}${write(estimate.high)}`;
}
