import type { ScenarioPage } from '@bellwether/contracts';
import { sqlBeside, type Warehouse } from '@bellwether/warehouse';

const RUN = sqlBeside(import.meta.url, 'run.sql');
const RESULTS = sqlBeside(import.meta.url, 'results.sql');

/** The last finished scoring. */
export interface ScoreRun {
  version: number;
  as_of: string;
  scored_at: string;
  customers: number;
  /** Population stability index of each feature against what was learned from. */
  drift: Record<string, number>;
  /** Features that moved beyond noise. */
  drifted: string[];
  score_drift: number;
}

export async function lastRun(warehouse: Warehouse, scenario: string): Promise<ScoreRun | undefined> {
  const [run] = await warehouse.query<ScoreRun>(RUN, { scenario });
  return run;
}

interface Results {
  scored: number;
  chosen: number;
  expected: number;
  deviation: number;
  histogram: number[];
}

/** What the last scoring says of all customers together. */
export async function resultsOf(
  warehouse: Warehouse,
  scenario: string,
  run: ScoreRun,
): Promise<ScenarioPage['results']> {
  const found = await warehouse.one<Results>(RESULTS, { scenario });
  const half = 1.959964 * found.deviation;
  return {
    as_of: run.as_of,
    scored: found.scored,
    chosen: found.chosen,
    expected: {
      value: found.expected,
      low: Math.max(0, found.expected - half),
      high: Math.min(found.scored, found.expected + half),
      n: found.scored,
    },
    histogram: found.histogram.map((count, bin) => ({ low: bin / 10, high: (bin + 1) / 10, count })),
    score_drift: run.score_drift,
  };
}
