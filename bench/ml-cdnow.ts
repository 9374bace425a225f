import { bgNbd, mbgNbd, paretoNbd, tableOf, type Table } from '@bellwether/ml';
import { publicData } from '@bellwether/testing';
import { readFileSync } from 'node:fs';
import type { Bench, Report } from './lib/bench.ts';

const FILE = 'transactions/cdnow_customers_summary.csv';
const MODELS = [
  ['BG/NBD', bgNbd, 'r .2426, alpha 4.4136, a .7929, b 2.4259, log-likelihood -9582.43'],
  ['MBG/NBD', mbgNbd, 'r .525, alpha 6.183, a .891, b 1.614'],
  ['Pareto/NBD', paretoNbd, 'r .553, alpha 10.578, s .606, beta 11.669, log-likelihood -9594.98'],
] as const;
/** Weeks after a first purchase for which published expectations are known. */
const WEEKS = [0.1429, 1, 3, 31.8571, 32, 78];

/** The published fits to CDNOW (2,357 customers, 39 weeks), fitted again. */
export const bench: Bench = {
  title: 'ml-cdnow: lifetime models on CDNOW beside their published parameters',
  run: async report => {
    const path = publicData(FILE);
    if (path === undefined) return console.log(`skipped: ${FILE} is not on this machine`);
    const table = histories(path);
    for (const model of MODELS) await fit(table, model, report);
  },
};

function histories(path: string): Table {
  const lines = readFileSync(path, 'utf8').trim().split(/\r?\n/).slice(1);
  const rows = lines.map(line => line.split(',').map(Number));
  const column = (at: number): Float32Array => Float32Array.from(rows, row => row[at]);
  return tableOf({ frequency: column(1), recency: column(2), age: column(3) });
}

async function fit(
  table: Table,
  [name, method, published]: (typeof MODELS)[number],
  report: Report,
): Promise<void> {
  const model = await method().fit(table);
  const parameters = model.parameters.map(p => `${p.name} ${p.value.toFixed(4)}`).join(', ');
  const expected = WEEKS.map(weeks => model.expectedOfNew(weeks).toFixed(4)).join(', ');
  report({
    work: name,
    ours: model.logLikelihood,
    unit: 'log-likelihood',
    quality: `${parameters}, log-likelihood ${model.logLikelihood.toFixed(2)} (published ${published}); expected of a new customer in ${WEEKS.join(', ')} weeks: ${expected}`,
  });
}
