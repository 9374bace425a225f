import { countsIn, drift, type Drift, type Table } from '@bellwether/ml';
import type { Learned } from '../training/index.ts';

/** What is counted while the customers pass by. */
export interface Tally {
  scored: number;
  chosen: number;
  features: Map<string, Float64Array>;
  probability: Float64Array;
}

export function emptyTally({ spreads, scoreSpread }: Learned): Tally {
  const features = new Map([...spreads].map(([name, { counts }]) => [name, new Float64Array(counts.length)]));
  return { scored: 0, chosen: 0, features, probability: new Float64Array(scoreSpread.counts.length) };
}

export function count(
  tally: Tally,
  { spreads, scoreSpread }: Learned,
  table: Table,
  probability: Float64Array,
): void {
  table.names.forEach((name, j) => {
    const spread = spreads.get(name);
    if (spread) countsIn(spread.edges, table.columns[j], tally.features.get(name));
  });
  countsIn(scoreSpread.edges, probability, tally.probability);
}

/** How far those who passed by lie from those on whom the version was tested, as a row of `score_runs` tells it. */
export function driftOf(tally: Tally, { spreads, scoreSpread }: Learned) {
  const drifts = [...spreads].map(([name, { counts }]) => {
    return [name, drift(counts, tally.features.get(name) ?? counts)] as const;
  });
  const score = drift(scoreSpread.counts, tally.probability);
  return {
    drift: Object.fromEntries(drifts.map(([name, { psi }]) => [name, psi])),
    noise: Object.fromEntries(drifts.map(([name, { noise }]) => [name, noise])),
    drifted: drifts.filter(([, found]) => isDrift(found)).map(([name]) => name),
    score_drift: score.psi,
    score_noise: score.noise,
  };
}

/** Above this a population stability index is held to be a shift (Siddiqi 2006); less is, in many rows, merely seen. */
const SHIFT = 0.25;

function isDrift({ psi, noise }: Drift): boolean {
  return psi > noise && psi > SHIFT;
}
