import { readFileSync } from 'node:fs';
import { tableOf, type Table } from '../table.ts';

export interface CountingOracle {
  parameters: number[];
  log_likelihood: number;
  alive: number[];
  purchases: number[];
  new: number[];
  chances?: number[];
}

/** What `oracles/lifetime.py` wrote. */
interface LifetimeOracle {
  customers: Record<string, number[]>;
  pareto_customers: Record<string, number[]>;
  'bg-nbd': CountingOracle;
  'mbg-nbd': CountingOracle;
  'pareto-nbd': CountingOracle;
  'gamma-gamma': { parameters: number[]; log_likelihood: number; average: number[]; value: number[] };
}

// the file is ours, written by the script beside it
export const oracle = JSON.parse(
  readFileSync(new URL('../../oracles/lifetime.json', import.meta.url), 'utf8'),
) as LifetimeOracle;

export const customers = asTable(oracle.customers);
export const paretoCustomers = asTable(oracle.pareto_customers);

export function asTable(columns: Record<string, number[]>): Table {
  return tableOf(
    Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Float32Array.from(values)])),
  );
}
