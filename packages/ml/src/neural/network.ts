/** A hidden layer's function of its weighted sums. GELU in its approximation by tanh (Hendrycks and Gimpel 2016). */
export type Activation = 'relu' | 'sigmoid' | 'tanh' | 'gelu';

/**
 * What is made small, per unit of weight: `binary` and `classes` are cross-entropies, of one sigmoid and of a softmax;
 * `squared` is half the squared distance and `huber` its robust kin, both summed over outputs.
 */
export type Loss = 'binary' | 'classes' | 'squared' | 'huber';

/** A network from which all else follows: where each number lies, which kernels run, what is saved. */
export interface NetworkDefinition {
  /** Columns of numbers. */
  numbers: number;
  /** For each categorical column: how many categories it has, and how many numbers stand for one. */
  embeddings: readonly { categories: number; dimension: number }[];
  hidden: readonly { units: number; activation: Activation }[];
  outputs: number;
  loss: Loss;
  /** Where Huber's loss turns into a straight line. */
  delta: number;
  /** Share of each hidden layer's outputs that is left out at random in training. */
  dropout: number;
  batchNorm: boolean;
}

/**
 * A matrix of parameters: row i begins at `at + i * stride` of all parameters, counted in numbers. Places from `columns`
 * to `stride` are zero and stay it.
 */
export interface Piece {
  name: string;
  rows: number;
  columns: number;
  at: number;
  stride: number;
}

export interface Layer {
  inputs: number;
  inputStride: number;
  units: number;
  stride: number;
  activation: Activation | 'identity';
  /** inputs x units. */
  weights: Piece;
  biases: Piece;
  norm: Norm | undefined;
  /** Share of outputs that is left out in training. */
  dropout: number;
}

/** Batch normalisation: (z - mean) / deviation * scale + shift, between the weighted sums and the activation. */
export interface Norm {
  scales: Piece;
  shifts: Piece;
  /** Of the weighted sums over all batches, the last ones most: what a new row is normalised by. */
  means: Piece;
  variances: Piece;
}

export interface Embedding {
  /** categories + 1 rows; the last is of a missing or unknown category. */
  table: Piece;
  /** The first of its columns in the network's inputs. */
  input: number;
}

export interface Network {
  definition: NetworkDefinition;
  inputs: number;
  inputStride: number;
  embeddings: readonly Embedding[];
  layers: readonly Layer[];
  /** Every piece, in the order in which they lie. */
  pieces: readonly Piece[];
  /** Weights of layers end here: what penalties fall on. */
  weightsEnd: number;
  /** What gradients move ends here; after it come means and variances of batch normalisation. */
  learnedEnd: number;
  /** Of all parameters, padding included. */
  size: number;
}

/** Rows of matrices begin at multiples of four numbers, so that vectors of four cover them. */
export function padded(count: number): number {
  return (count + 3) & ~3;
}

/**
 * Lays a network out: weights first, then what is free of penalties, then the statistics that are tracked rather than
 * learned. One vector holds all, so that an optimiser is one loop.
 */
export function networkOf(definition: NetworkDefinition): Network {
  const layout = new Layout();
  const inputs = definition.embeddings.reduce((sum, { dimension }) => sum + dimension, definition.numbers);
  const shapes = shapesOf(definition, inputs);
  const weights = shapes.map(({ inputs: rows, units }, l) => layout.piece(`weights.${l}`, rows, units, true));
  const weightsEnd = layout.size;
  const biases = shapes.map(({ units }, l) => layout.piece(`biases.${l}`, 1, units));
  const affine = shapes.map(({ units, normed }, l) =>
    normed
      ? { scales: layout.piece(`scales.${l}`, 1, units), shifts: layout.piece(`shifts.${l}`, 1, units) }
      : undefined,
  );
  const embeddings = embeddingsOf(definition, layout);
  const learnedEnd = layout.size;
  const layers = shapes.map(({ inputs: rows, units, activation, normed }, l): Layer => {
    const own = affine[l];
    return {
      ...{ inputs: rows, inputStride: padded(rows), units, stride: padded(units), activation },
      ...{ weights: weights[l], biases: biases[l], dropout: normed === undefined ? 0 : definition.dropout },
      norm: own && {
        ...own,
        means: layout.piece(`means.${l}`, 1, units),
        variances: layout.piece(`variances.${l}`, 1, units),
      },
    };
  });
  const { pieces, size } = layout;
  const inputStride = padded(inputs);
  return { definition, inputs, inputStride, embeddings, layers, pieces, weightsEnd, learnedEnd, size };
}

interface Shape {
  inputs: number;
  units: number;
  activation: Activation | 'identity';
  /** Whether its sums are normalised; nothing for the last layer, which is neither normalised nor thinned out. */
  normed: boolean | undefined;
}

function shapesOf({ hidden, outputs, batchNorm }: NetworkDefinition, inputs: number): Shape[] {
  const widths = [inputs, ...hidden.map(({ units }) => units)];
  const last: Shape = {
    inputs: widths[hidden.length],
    units: outputs,
    activation: 'identity',
    normed: undefined,
  };
  return [...hidden.map((layer, l): Shape => ({ ...layer, inputs: widths[l], normed: batchNorm })), last];
}

function embeddingsOf({ embeddings, numbers }: NetworkDefinition, layout: Layout): Embedding[] {
  let input = numbers;
  return embeddings.map(({ categories, dimension }, e) => {
    const embedding = { table: layout.piece(`embedding.${e}`, categories + 1, dimension), input };
    input += dimension;
    return embedding;
  });
}

/** Hands out places one after the other. */
class Layout {
  readonly pieces: Piece[] = [];
  size = 0;

  /** @param isTiled whether kernels write its rows by fours, beyond the last */
  piece(name: string, rows: number, columns: number, isTiled = false): Piece {
    const stride = padded(columns);
    const piece = { name, rows, columns, at: this.size, stride };
    this.size += (isTiled ? padded(rows) : rows) * stride;
    this.pieces.push(piece);
    return piece;
  }
}

/** The values of a piece by row, without padding. */
export function compact(parameters: Float32Array, { rows, columns, at, stride }: Piece): Float32Array {
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++)
    values.set(parameters.subarray(at + i * stride, at + i * stride + columns), i * columns);
  return values;
}

/** Puts values by row into their places among all parameters. */
export function place(
  parameters: Float32Array,
  { rows, columns, at, stride }: Piece,
  values: Float32Array,
): void {
  for (let i = 0; i < rows; i++)
    parameters.set(values.subarray(i * columns, (i + 1) * columns), at + i * stride);
}
