import type { Inputs } from './inputs.ts';
import type { Network } from './network.ts';

/** The average row, of which there is none in the data: what contributions are measured against. */
export interface Average {
  /** Of the rows that it was taken over. */
  weight: number;
  /** Mean of each column of numbers. */
  means: Float64Array;
  /** For each categorical column: the share of rows in each category, the last being of missing and unknown ones. */
  shares: readonly Float64Array[];
}

export function noAverage({ definition }: Network): Average {
  const shares = definition.embeddings.map(({ categories }) => new Float64Array(categories + 1));
  return { weight: 0, means: new Float64Array(definition.numbers), shares };
}

/** The average over what was seen before and these rows. */
export function averaged(before: Average, inputs: Inputs, weights: Float32Array | undefined): Average {
  const { numbers, codes, rows } = inputs;
  const added = weights?.reduce((sum, weight) => sum + weight, 0) ?? rows;
  const weight = before.weight + added;
  const merged = (old: number, sum: number): number =>
    weight > 0 ? (old * before.weight + sum) / weight : old;
  const means = before.means.map((old, j) => merged(old, weighted(numbers.columns[j], weights)));
  const shares = before.shares.map((old, e) => {
    const counts = new Float64Array(old.length);
    for (let i = 0; i < rows; i++) {
      const code = codes[i * before.shares.length + e];
      counts[code] = counts[code] + (weights?.[i] ?? 1);
    }
    return old.map((share, code) => merged(share, counts[code]));
  });
  return { weight, means, shares };
}

function weighted(column: Float32Array, weights: Float32Array | undefined): number {
  let sum = 0;
  if (weights === undefined) for (let i = 0; i < column.length; i++) sum += column[i];
  else for (let i = 0; i < column.length; i++) sum += column[i] * weights[i];
  return sum;
}

/** The average row as the first layer takes it: of a category, the mean of what stands for the categories. */
export function averageInputs(network: Network, parameters: Float32Array, average: Average): Float32Array {
  const inputs = new Float64Array(network.inputs);
  inputs.set(average.means);
  network.embeddings.forEach(({ table, input }, e) =>
    average.shares[e]?.forEach((share, code) => {
      for (let k = 0; k < table.columns; k++)
        inputs[input + k] = inputs[input + k] + share * parameters[table.at + code * table.stride + k];
    }),
  );
  return Float32Array.from(inputs);
}
