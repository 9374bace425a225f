import type { Work } from '@bellwether/contracts';
import { dataAt, refitted, Rng, type Data, type Estimator, type ScoredClassifier } from '@bellwether/ml';
import { drawn } from './tune.ts';

export interface RefitOptions {
  /** How many refits, and the rows of each at most. */
  refits: number;
  refitRows: number;
  seed: number;
}

/**
 * The model with how far its log-odds may be off: its own word where the method has one (Laplace), else by refits to the same
 * rows weighted anew for each customer.
 *
 * @param data the rows that the model learned from
 */
export async function withDeviation(
  model: ScoredClassifier,
  estimator: Estimator<ScoredClassifier>,
  data: Data,
  { refits, refitRows, seed }: RefitOptions,
  work: Work = {},
): Promise<ScoredClassifier> {
  if (model.deviation !== undefined || refits < 2) return model;
  const all = Uint32Array.from({ length: data.table.rows }, (_, row) => row);
  const learned: ScoredClassifier[] = [];
  for (let round = 0; round < refits; round++) {
    work.onProgress?.({ done: round, total: refits, unit: 'refits', step: 'train.refit' });
    const rng = new Rng(seed + 1 + round);
    const { table, target, groups } = dataAt(data, drawn(all, refitRows, seed + 1 + round));
    const weights = weightsOf(table.rows, groups, rng);
    learned.push(await estimator.fit(table, target, { rng, weights, signal: work.signal }));
  }
  return refitted(model, learned, Math.sqrt(Math.min(1, refitRows / data.table.rows)));
}

/** Exponential with mean 1, the same for all rows of a customer. */
function weightsOf(rows: number, groups: Int32Array | undefined, rng: Rng): Float32Array {
  const drawnFor = new Map<number, number>();
  return Float32Array.from({ length: rows }, (_, row) => {
    const group = groups?.[row] ?? row;
    const weight = drawnFor.get(group) ?? -Math.log(1 - rng.uniform());
    drawnFor.set(group, weight);
    return weight;
  });
}
