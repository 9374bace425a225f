import type { Estimator, FitOptions, MulticlassClassifier } from '../../estimator.ts';
import { MlError } from '../../errors.ts';
import { SavedReader, type Json, type Saved } from '../../saved.ts';
import type { Segment } from '../../preprocess/hashing/segment.ts';
import {
  loadTextHashing,
  textHashing,
  type FittedTextHashing,
  type TextHashingParameters,
} from '../../preprocess/hashing/text.ts';
import {
  loadSparseSoftmax,
  sparseSoftmax,
  type SparseSoftmaxModel,
  type SparseSoftmaxParameters,
} from './softmax.ts';

export interface TextClassifierParameters {
  hashing?: TextHashingParameters;
  learner?: SparseSoftmaxParameters;
}

export interface TextClassifier extends MulticlassClassifier<readonly string[]> {
  /** The likeliest class of each text. */
  classify(texts: readonly string[]): Int32Array;
}

const KIND = 'textClassifier';
const VERSION = 1;

/**
 * Tells the class of a text: hashed n-grams of words and characters weighted by tf-idf, then softmax regression.
 *
 * @param segment words of a text, for languages written without spaces; such a model is loaded by `loadTextClassifier`
 *   with the same function
 * @throws MlError `ml.no_rows`, `ml.bad_table`, `ml.bad_value`, `ml.bad_parameter`, `ml.one_class`
 * @example
 * const model = await textClassifier({ hashing: { words: [1, 2] } }).fit(texts, intents);
 * model.classify(['where is my parcel']); // Int32Array [7]
 */
export function textClassifier(
  { hashing = {}, learner = {} }: TextClassifierParameters = {},
  segment?: Segment,
): Estimator<TextClassifier, readonly string[]> {
  const [texts, softmax] = [textHashing(hashing, segment), sparseSoftmax(learner)];
  const hashed: Readonly<Record<string, Json>> = { ...texts.parameters };
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze({ hashing: hashed, learner: softmax.parameters }),
    fit: async (given: readonly string[], target: Float32Array, options: FitOptions = {}) => {
      if (given.length !== target.length)
        throw new MlError('ml.bad_table', `${target.length} values of the target for ${given.length} texts`);
      const { fitted, rows } = texts.fit(given);
      return modelOf(fitted, await softmax.fit(rows, target, options));
    },
  });
}

function modelOf(texts: FittedTextHashing, softmax: SparseSoftmaxModel): TextClassifier {
  const { classes } = softmax;
  const predict = (given: readonly string[]): Float64Array => softmax.predict(texts.transform(given));
  return {
    ...{ kind: KIND, features: [], classes, predict },
    classify: given => likeliest(predict(given), classes),
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: {},
      arrays: {},
      parts: [texts.save(), softmax.save()],
    }),
  };
}

function likeliest(probabilities: Float64Array, classes: number): Int32Array {
  return Int32Array.from({ length: probabilities.length / classes }, (_, row) => {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    return own.indexOf(own.reduce((most, p) => Math.max(most, p), 0));
  });
}

/** The model that `save` gave. @param segment as it was learned with @throws MlError `ml.bad_model` */
export function loadTextClassifier(saved: Saved, segment?: Segment): TextClassifier {
  const reader = new SavedReader(saved, KIND, VERSION);
  const softmax = loadSparseSoftmax(reader.part(1));
  const texts = loadTextHashing(reader.part(0), segment);
  if (texts.width !== softmax.width) throw reader.bad('width');
  return modelOf(texts, softmax);
}
