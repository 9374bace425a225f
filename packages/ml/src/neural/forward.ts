import type { Inputs } from './inputs.ts';
import { padded, type Activation, type Layer, type Network } from './network.ts';

const f32 = Math.fround;
const EPSILON = 1e-5;

const FUNCTIONS: Readonly<Record<Activation | 'identity', (z: number) => number>> = {
  identity: z => z,
  relu: z => Math.max(0, z),
  sigmoid: z => 1 / (1 + Math.exp(-z)),
  tanh: Math.tanh,
  gelu: z => z / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z))),
};

/** One row of inputs: its numbers, then what stands for its categories. */
export function inputRow(
  network: Network,
  parameters: Float32Array,
  inputs: Inputs,
  row: number,
): Float32Array {
  const x = new Float32Array(network.inputs);
  inputs.numbers.columns.forEach((column, j) => (x[j] = column[row]));
  network.embeddings.forEach(({ table, input }, e) => {
    const at = table.at + inputs.codes[row * network.embeddings.length + e] * table.stride;
    x.set(parameters.subarray(at, at + table.columns), input);
  });
  return x;
}

/**
 * The last layer's weighted sums for one row of inputs: for the few rows for which it is not worth to load a network.
 * Rounded to 32 bits where the kernels round, so that a row says the same alone as among others.
 */
export function scoresOf(network: Network, parameters: Float32Array, inputs: Float32Array): Float32Array {
  return network.layers.reduce((x, layer) => through(layer, parameters, x), inputs);
}

function through(layer: Layer, parameters: Float32Array, x: Float32Array): Float32Array {
  const { weights, biases, units } = layer;
  const sums = parameters.slice(biases.at, biases.at + units);
  for (let k = 0; k < layer.inputs; k++) {
    const from = weights.at + k * padded(units);
    for (let j = 0; j < units; j++) sums[j] = sums[j] + f32(x[k] * parameters[from + j]);
  }
  normalise(layer, parameters, sums);
  return sums.map(FUNCTIONS[layer.activation]);
}

function normalise({ norm }: Layer, parameters: Float32Array, sums: Float32Array): void {
  if (!norm) return;
  const { means, variances, scales, shifts } = norm;
  for (let j = 0; j < sums.length; j++) {
    const deviation = f32(Math.sqrt(f32(parameters[variances.at + j] + f32(EPSILON))));
    const standard = f32(f32(sums[j] - parameters[means.at + j]) * f32(1 / deviation));
    sums[j] = f32(standard * parameters[scales.at + j]) + parameters[shifts.at + j];
  }
}
