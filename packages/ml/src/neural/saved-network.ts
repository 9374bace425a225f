import { MlError } from '../errors.ts';
import { SavedReader, type Json, type Saved, type SavedArray } from '../saved.ts';
import { noAverage } from './average.ts';
import { categoricals } from './inputs.ts';
import type { Fitted } from './model.ts';
import { compact, networkOf, place, type NetworkDefinition } from './network.ts';

export const KIND = 'perceptron';
const VERSION = 1;

/** Each matrix under the name of its piece, by row and without padding. */
export function saveNetwork({
  network,
  parameters,
  features,
  dictionaries,
  average,
  history,
}: Fitted): Saved {
  const pieces = network.pieces.map((piece): [string, SavedArray] => [
    piece.name,
    compact(parameters, piece),
  ]);
  const shares = average.shares.map((share, e): [string, SavedArray] => [`shares.${e}`, share]);
  return {
    kind: KIND,
    version: VERSION,
    values: {
      ...{ features, dictionaries: dictionaries ?? null },
      definition: network.definition as unknown as Json, // an interface of plain values, which has no index signature
      ...{ weight: average.weight, taken: history.taken },
    },
    arrays: {
      ...Object.fromEntries(pieces),
      ...{ average: average.means, ...Object.fromEntries(shares) },
      ...{ loss: history.loss, validation: history.validation },
    },
    parts: [],
  };
}

/** What `saveNetwork` was given. @throws MlError `ml.bad_model` */
export function readNetwork(saved: Saved): Fitted {
  const reader = new SavedReader(saved, KIND, VERSION);
  const [features, dictionaries] = [reader.names('features'), reader.dictionaries('dictionaries')];
  const definition = definitionFrom(reader, features.length);
  const words = categoricals(features, dictionaries);
  const fits =
    words.length === definition.embeddings.length &&
    words.every((name, e) => dictionaries?.[name]?.length === definition.embeddings[e]?.categories);
  if (!fits) throw new MlError('ml.bad_model', 'the saved perceptron has other categories than embeddings');
  const network = networkOf(definition);
  const parameters = new Float32Array(network.size);
  for (const piece of network.pieces)
    place(parameters, piece, reader.typed(piece.name, 'f32', piece.rows * piece.columns));
  const average = {
    weight: reader.number('weight'),
    means: reader.array('average', definition.numbers),
    shares: noAverage(network).shares.map(({ length }, e) => reader.array(`shares.${e}`, length)),
  };
  const history = {
    ...{ loss: reader.array('loss'), validation: reader.array('validation') },
    taken: reader.number('taken'),
  };
  return { network, parameters, features, dictionaries, average, history };
}

/** The definition, once every number of it is known to be one from which a network can be laid out. */
function definitionFrom(reader: SavedReader, features: number): NetworkDefinition {
  const value = reader.saved.values['definition'];
  if (!isObject(value)) throw reader.bad('definition');
  const { numbers, embeddings, hidden, outputs, loss, delta, dropout, batchNorm } = value;
  const sound =
    isCount(numbers, 0) &&
    Array.isArray(embeddings) &&
    embeddings.every(
      each => isObject(each) && isCount(each['categories'], 0) && isCount(each['dimension'], 1),
    ) &&
    numbers + embeddings.length === features &&
    Array.isArray(hidden) &&
    hidden.every(
      each => isObject(each) && isCount(each['units'], 1) && isOneOf(each['activation'], ACTIVATIONS),
    ) &&
    isCount(outputs, 1) &&
    isOneOf(loss, LOSSES) &&
    typeof delta === 'number' &&
    typeof dropout === 'number' &&
    typeof batchNorm === 'boolean';
  if (!sound) throw reader.bad('definition');
  return value as unknown as NetworkDefinition; // each field of it was just seen
}

const ACTIVATIONS = ['relu', 'sigmoid', 'tanh', 'gelu'];
const LOSSES = ['binary', 'classes', 'squared', 'huber'];

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isOneOf(value: unknown, known: readonly string[]): boolean {
  return typeof value === 'string' && known.includes(value);
}

/** A whole number of things, of which there are not so many that their products lose digits. */
function isCount(value: unknown, least: number): value is number {
  return Number.isInteger(value) && Number(value) >= least && Number(value) < 2 ** 24;
}
