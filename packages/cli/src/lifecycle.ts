import type { LifecycleCard } from '@bellwether/contracts';
import { table } from './output.ts';

/** What the card of a lifecycle tells beside its figures: parameters, what was compared, and tenths of the customers. */
export function lifecycleLines(card: LifecycleCard): string[] {
  const { purchases, spend, deciles, totals, trees } = card;
  const fits = [...purchases, ...(spend === null ? [] : [spend])];
  return [
    '',
    `Fitted as of ${card.test_moment.slice(0, 10)}, times in units of ${card.unit_days} days:`,
    ...table([
      ['', 'parameters', 'log-likelihood', 'customers', 'held-out deviance'],
      ...fits.map(fit => [
        'used' in fit && fit.used ? `${fit.method} (used)` : fit.method,
        fit.parameters.map(({ name, value }) => `${name} ${value.toFixed(4)}`).join('  '),
        fit.log_likelihood.toFixed(2),
        String(fit.customers),
        'held_out_deviance' in fit ? (fit.held_out_deviance?.toFixed(4) ?? '–') : '',
      ]),
    ]),
    trees.why.en,
    '',
    ...table([
      ['tenth', 'expected', 'ordered', 'constant rate', 'customers'],
      ...deciles.map(({ expected, observed, baseline, n }, place) => [
        String(place + 1),
        expected.toFixed(3),
        observed.toFixed(3),
        baseline.toFixed(3),
        String(n),
      ]),
    ]),
    `All orders: ${totals.expected.value?.toFixed(0)} expected (${totals.expected.low?.toFixed(0)}–${totals.expected.high?.toFixed(0)}), ${totals.observed} seen`,
  ];
}
