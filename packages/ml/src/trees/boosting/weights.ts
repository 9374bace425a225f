import { MlError } from '../../errors.ts';
import type { BoostingParameters } from './parameters.ts';

/** By how much each row counts: its own weight times that of its class. */
export function rowWeights(
  target: Float32Array,
  weights: Float32Array | undefined,
  classWeights: BoostingParameters['classWeights'],
): Float32Array | undefined {
  if (!classWeights) return weights;
  const byClass = classWeights === 'balanced' ? balanced(target, weights) : classWeights;
  return target.map((k, row) => {
    const weight = byClass[k];
    if (weight === undefined)
      throw new MlError(
        'ml.bad_parameter',
        `classWeights has ${byClass.length} weights; row ${row} has the target ${k}, which is no class of theirs`,
      );
    return weight * (weights?.[row] ?? 1);
  });
}

/** Weights with which every class has the same share of the whole, which stays as large as it was. */
function balanced(target: Float32Array, weights: Float32Array | undefined): number[] {
  const masses: number[] = [];
  target.forEach((k, row) => {
    if (Number.isInteger(k)) masses[k] = (masses[k] ?? 0) + (weights?.[row] ?? 1);
  });
  const present = masses.filter(mass => mass > 0);
  const total = present.reduce((sum, mass) => sum + mass, 0);
  return Array.from(masses, mass => (mass > 0 ? total / present.length / mass : 0));
}
