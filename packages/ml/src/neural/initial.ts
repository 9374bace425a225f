import type { Rng } from '../random/rng.ts';
import type { Layer, Network, Piece } from './network.ts';

/**
 * Parameters to begin with: weights uniform in +-sqrt(6 / (inputs + units)) (Glorot and Bengio 2010), also before units
 * that are off for half of what they see: the wider start of He and others (2015) generalised worse on tables. Embeddings
 * are normal with deviation 0.1, of the missing category zero.
 *
 * @param scores what the last layer says at first: what is best without any input
 */
export function initialParameters(network: Network, rng: Rng, scores: ArrayLike<number>): Float32Array {
  const parameters = new Float32Array(network.size);
  const filled = ({ rows, columns, at, stride }: Piece, value: () => number, upTo = rows): void => {
    for (let i = 0; i < upTo; i++)
      for (let j = 0; j < columns; j++) parameters[at + i * stride + j] = value();
  };
  for (const layer of network.layers) {
    const bound = boundOf(layer);
    filled(layer.weights, () => bound * (2 * rng.uniform() - 1));
    if (!layer.norm) continue;
    filled(layer.norm.scales, () => 1);
    filled(layer.norm.variances, () => 1);
  }
  for (const { table } of network.embeddings) filled(table, () => 0.1 * rng.normal(), table.rows - 1);
  const last = network.layers.at(-1);
  if (last) parameters.set(Float32Array.from(scores), last.biases.at);
  return parameters;
}

function boundOf({ inputs, units }: Layer): number {
  return Math.sqrt(6 / Math.max(1, inputs + units));
}
