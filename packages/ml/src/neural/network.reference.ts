import { compact, padded, type Layer, type Network, type Piece } from './network.ts';
import { thresholdOf } from './plan.ts';
import * as t from './tensor.ts';

/** Rows as the kernels take them. */
export interface PlainBatch {
  rows: number;
  /** rows x numbers, by row. */
  numbers: ArrayLike<number>;
  /** rows x embeddings, by row. */
  codes: ArrayLike<number>;
  /** One class a row, or as many values a row as there are outputs. */
  target: ArrayLike<number>;
  weights: ArrayLike<number>;
}

/** As used; or as trained, where this key says what is left out. */
export type Mode = 'used' | { key: number };

export interface PlainResult {
  /** Mean loss per unit of weight. */
  loss: number;
  /** Of each parameter that is learned, where the kernels have it. */
  gradient: Float64Array;
  /** rows x outputs. */
  scores: Float64Array;
  /** Mean and variance of each layer's weighted sums, where the kernels have those that they track. */
  statistics: Float64Array;
  /** rows x inputs: the gradient by what enters the first layer. */
  inputs: Float64Array;
}

/** What the kernels of `trainRows` and `scoreRows` compute for up to a tile of rows, in plain words. */
export function plainNetwork(
  network: Network,
  parameters: Float32Array,
  batch: PlainBatch,
  mode: Mode = 'used',
): PlainResult {
  const state = stateOf(network, parameters);
  const inputs = inputsOf(network, batch, state.tensors);
  const scores = network.layers.reduce((x, layer, l) => through(layer, l, x, batch, state, mode), inputs);
  const loss = lossOf(network, scores, batch);
  t.backward(loss);
  const gradient = new Float64Array(network.size);
  for (const [piece, { gradient: own }] of state.tensors)
    if (piece.at < network.learnedEnd) putPlain(gradient, piece, own);
  return {
    ...{ loss: loss.data[0], scores: scores.data, inputs: inputs.gradient },
    ...{ gradient, statistics: state.statistics },
  };
}

interface State {
  tensors: ReadonlyMap<Piece, t.Tensor>;
  statistics: Float64Array;
}

function stateOf(network: Network, parameters: Float32Array): State {
  const tensors = network.pieces.map((piece): [Piece, t.Tensor] => [
    piece,
    t.tensorOf(piece.rows, piece.columns, compact(parameters, piece)),
  ]);
  return { tensors: new Map(tensors), statistics: new Float64Array(network.size) };
}

function inputsOf(network: Network, batch: PlainBatch, tensors: State['tensors']): t.Tensor {
  const { embeddings, definition } = network;
  const numbers = t.tensorOf(batch.rows, definition.numbers, batch.numbers);
  const parts = embeddings.map(({ table }, e) => {
    const codes = Array.from({ length: batch.rows }, (_, i) => batch.codes[i * embeddings.length + e]);
    return t.gather(of(tensors, table), codes);
  });
  return t.concat([numbers, ...parts]);
}

function through(
  layer: Layer,
  l: number,
  x: t.Tensor,
  batch: PlainBatch,
  state: State,
  mode: Mode,
): t.Tensor {
  const { tensors } = state;
  const sums = t.add(t.matmul(x, of(tensors, layer.weights)), of(tensors, layer.biases));
  const active = activated(layer, normed(layer, sums, batch, state, mode));
  if (layer.dropout === 0 || mode === 'used') return active;
  const key = (mode.key + Math.imul(l, 0x9e3779b9)) >>> 0;
  return t.dropout(active, keptBy(key, layer, batch.rows), layer.dropout);
}

function activated({ activation }: Layer, sums: t.Tensor): t.Tensor {
  return activation === 'identity' ? sums : t[activation](sums);
}

const EPSILON = 1e-5;

function normed(layer: Layer, sums: t.Tensor, batch: PlainBatch, state: State, mode: Mode): t.Tensor {
  const { norm } = layer;
  if (!norm) return sums;
  const { tensors, statistics } = state;
  let [mean, variance] = [of(tensors, norm.means), of(tensors, norm.variances)];
  if (mode !== 'used') {
    const total = Array.from(batch.weights).reduce((sum, weight) => sum + weight, 0);
    const shares = t.tensorOf(
      1,
      batch.rows,
      Array.from(batch.weights, weight => weight / total),
    );
    mean = t.matmul(shares, sums);
    variance = t.matmul(shares, t.square(t.subtract(sums, mean)));
    putPlain(statistics, norm.means, mean.data);
    putPlain(statistics, norm.variances, variance.data);
  }
  const deviation = t.squareRoot(t.add(variance, t.tensor([[EPSILON]])));
  const standard = t.divide(t.subtract(sums, mean), deviation);
  return t.add(t.multiply(standard, of(tensors, norm.scales)), of(tensors, norm.shifts));
}

/** 1 for each output that stays. */
function keptBy(key: number, { units, dropout }: Layer, rows: number): Float64Array {
  const threshold = thresholdOf(dropout) >>> 0;
  return Float64Array.from({ length: rows * units }, (_, at) => {
    const place = Math.floor(at / units) * padded(units) + (at % units);
    return Number(hash((place + key) >>> 0) >= threshold);
  });
}

/** Wellons' lowbias32. */
function hash(value: number): number {
  const a = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  const b = Math.imul(a ^ (a >>> 15), 0x846ca68b);
  return (b ^ (b >>> 16)) >>> 0;
}

function lossOf({ definition }: Network, scores: t.Tensor, batch: PlainBatch): t.Tensor {
  const total = Array.from(batch.weights).reduce((sum, weight) => sum + weight, 0);
  const weights = t.tensorOf(batch.rows, 1, batch.weights);
  return t.scale(
    t.sum(t.multiply(weights, lossesOf(definition.loss, definition.delta, scores, batch))),
    1 / total,
  );
}

function lossesOf(
  loss: Network['definition']['loss'],
  delta: number,
  scores: t.Tensor,
  { target }: PlainBatch,
): t.Tensor {
  if (loss === 'classes') return t.scale(t.choose(t.logSoftmax(scores), target), -1);
  const wanted = t.tensorOf(scores.rows, scores.columns, target);
  if (loss === 'binary') return t.sumColumns(t.subtract(t.softplus(scores), t.multiply(wanted, scores)));
  const away = t.subtract(scores, wanted);
  return t.sumColumns(loss === 'huber' ? t.huber(away, delta) : t.scale(t.square(away), 0.5));
}

function of(tensors: State['tensors'], piece: Piece): t.Tensor {
  const found = tensors.get(piece);
  if (found === undefined) throw new Error(`${piece.name} is no piece of this network`);
  return found;
}

function putPlain(parameters: Float64Array, piece: Piece, values: Float64Array): void {
  const { rows, columns, at, stride } = piece;
  for (let i = 0; i < rows; i++)
    parameters.set(values.subarray(i * columns, (i + 1) * columns), at + i * stride);
}
