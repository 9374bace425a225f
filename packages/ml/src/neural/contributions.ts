import type { Contributions } from '../estimator.ts';
import { legendre } from '../numeric/legendre.ts';
import { withTeam } from '../runtime/team.ts';
import { categoricals, type Inputs } from './inputs.ts';
import { KERNELS, LoadedNetwork } from './loaded.ts';
import { padded, type Network } from './network.ts';
import type { Columns } from './prepare.ts';

/** Points of the quadrature on the way from the average row. */
const POINTS = 32;

export interface Explained extends Columns {
  network: Network;
  parameters: Float32Array;
  inputs: Inputs;
  /** The average row's inputs. */
  base: Float32Array;
  baseScore: number;
  /** Of each row, the first output. */
  scores: Float32Array;
}

/**
 * By how much each feature moved a row's score away from that of the average row: integrated gradients (Sundararajan,
 * Taly and Yan 2017), the Shapley values of Aumann on the straight line between the two, by Gauss-Legendre quadrature. A
 * category counts by all numbers that stand for it. What the quadrature misses of the difference, a thousandth or so, is
 * shared out by size, so that contributions and base sum to the score.
 */
export function contributionsOf(explained: Explained): Contributions {
  const { features, inputs, baseScore, scores } = explained;
  const sources = sourcesOf(explained);
  const moved = attributions(explained);
  const stride = padded(explained.network.inputs);
  const values = new Float64Array(inputs.rows * features.length);
  for (let row = 0; row < inputs.rows; row++) {
    const own = values.subarray(row * features.length, (row + 1) * features.length);
    sources.forEach((feature, input) => (own[feature] = own[feature] + moved[row * stride + input]));
    settle(own, scores[row] - baseScore);
  }
  return { base: baseScore, features, values };
}

/** For each number that enters the network: the position of the feature that it comes from. */
function sourcesOf({ network, features, dictionaries }: Explained): number[] {
  const words = categoricals(features, dictionaries);
  const numbers = features.filter(name => !words.includes(name));
  const dimensions = network.embeddings.map(({ table }) => table.columns);
  return [...numbers, ...words.flatMap((name, e) => new Array<string>(dimensions[e]).fill(name))].map(name =>
    features.indexOf(name),
  );
}

function attributions({ network, parameters, inputs, base }: Explained): Float32Array {
  const { at, weight } = legendre(POINTS);
  const points = Float32Array.from([...at].flatMap((place, k) => [place, weight[k]]));
  const work = 4 * POINTS * inputs.rows * network.size;
  return withTeam(KERNELS, { work }, team => {
    const loaded = new LoadedNetwork(team, network, parameters);
    const padding = new Float32Array(network.inputStride);
    padding.set(base);
    return loaded.attributions(loaded.rows(inputs), padding, points).slice();
  });
}

/** Makes the values sum to a total: what they lack of it is shared out by their sizes. */
function settle(values: Float64Array, total: number): void {
  let [sum, size] = [0, 0];
  for (const value of values) {
    sum += value;
    size += Math.abs(value);
  }
  const lack = total - sum;
  for (let j = 0; j < values.length; j++)
    values[j] = values[j] + lack * (size > 0 ? Math.abs(values[j]) / size : 1 / values.length);
}
