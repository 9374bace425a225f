import type { FitOptions, FittedTransformer, Transformer } from '../estimator.ts';
import { MlError, required } from '../errors.ts';
import { Rng } from '../random/rng.ts';
import type { Saved } from '../saved.ts';
import { soundTable } from '../sound.ts';
import type { Table } from '../table.ts';
import { encoderOf, loadEncoded, wordColumns, type Encoding } from './encoding.ts';

export interface TargetEncodeParameters {
  /** Rows' worth of belief that a word is like all: (sum of its targets + smooth x overall mean) / (n + smooth). */
  smooth?: number;
  /** Parts of the rows learned from; the rows of each are encoded by what the others say. */
  folds?: number;
  /** Where the target is a class from 0 up, how many there are: a word becomes the share of each, in as many columns. */
  classes?: number;
}

const KIND = 'targetEncode';

/**
 * A column of words becomes the mean of the target over the rows that have the word, drawn towards the overall mean where
 * these are few (Micci-Barreca 2001, as scikit-learn's TargetEncoder with a fixed `smooth`). A word never seen and a
 * missing value become the overall mean. Columns of numbers pass as they are; weights act as repeated rows.
 *
 * The rows learned from are cross-fitted: none is encoded by its own target, nor, where `groups` are given, by another's
 * of its group. So a column that says nothing brings nothing, however many words it has.
 *
 * @example
 * pipeline([targetEncode({ smooth: 20 })], logistic())
 */
export function targetEncode(parameters: TargetEncodeParameters = {}): Transformer {
  const { smooth = 20, folds = 5, classes = 2 } = parameters;
  required(smooth >= 0 && smooth < Infinity, 'smooth', 'a number from 0 up', smooth);
  required(Number.isInteger(folds) && folds >= 2, 'folds', 'a whole number from 2 up', folds);
  required(Number.isInteger(classes) && classes >= 2, 'classes', 'a whole number from 2 up', classes);
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze({ smooth, folds, classes }),
    fit: (table: Table, target?: Float32Array, options: FitOptions = {}) =>
      fit(table, target, options, { smooth, folds, classes }),
  });
}

function fit(
  table: Table,
  target: Float32Array | undefined,
  options: FitOptions,
  { smooth, folds, classes }: Required<TargetEncodeParameters>,
): FittedTransformer {
  if (target === undefined) throw new MlError('ml.bad_table', `${KIND} learns from a target; none was given`);
  const rule = classes > 2 ? 'class' : 'any';
  soundTable(table, target, options, { method: KIND, missing: true, categories: true, target: rule });
  const targets = targetsOf(target, classes);
  const foldOf = foldsOf(table.rows, Math.min(folds, table.rows), options);
  const whole = encodingsOf(table, targets, smooth, options.weights);
  const transformer = encoderOf(KIND, table.names, whole);
  return { ...transformer, trained: crossFitted(table, targets, smooth, foldOf, options.weights) };
}

/** One list of targets for each column that a word becomes. */
function targetsOf(target: Float32Array, classes: number): Float32Array[] {
  if (classes === 2) return [target];
  return Array.from({ length: classes }, (_, k) => target.map(y => Number(y === k)));
}

/** The part of each row, drawn at random; rows of a group in one part. */
function foldsOf(rows: number, folds: number, { rng = new Rng(0), groups }: FitOptions): Uint32Array {
  if (!groups) {
    const order = rng.permutation(rows);
    const parts = new Uint32Array(rows);
    order.forEach((row, place) => (parts[row] = place % folds));
    return parts;
  }
  const partOf = new Map<number, number>();
  return Uint32Array.from(groups, group => {
    const part = partOf.get(group) ?? rng.integer(folds);
    partOf.set(group, part);
    return part;
  });
}

/** Every part encoded by the rows outside it, put back in the order of the rows. */
function crossFitted(
  table: Table,
  targets: readonly Float32Array[],
  smooth: number,
  foldOf: Uint32Array,
  weights: Float32Array | undefined,
): Table {
  const folds = foldOf.reduce((most, fold) => Math.max(most, fold), 0) + 1;
  let out: Table | undefined;
  for (let fold = 0; fold < folds; fold++) {
    const others = Float32Array.from(foldOf, (own, row) => (own === fold ? 0 : (weights?.[row] ?? 1)));
    const encodings = encodingsOf(table, targets, smooth, others);
    const part = encoderOf(KIND, table.names, encodings).transform(table);
    if (out) copyRows(part, out, foldOf, fold);
    else out = { ...part, columns: part.columns.map(column => column.slice()) };
  }
  return out ?? table;
}

function copyRows(from: Table, to: Table, foldOf: Uint32Array, fold: number): void {
  from.columns.forEach((column, j) => {
    for (let row = 0; row < from.rows; row++) if (foldOf[row] === fold) to.columns[j][row] = column[row];
  });
}

function encodingsOf(
  table: Table,
  targets: readonly Float32Array[],
  smooth: number,
  weights: Float32Array | undefined,
): Encoding[] {
  return wordColumns(table).map(({ name, words, codes }) => ({
    column: name,
    words,
    outputs: targets.length === 1 ? [name] : targets.map((_, k) => `${name}__${k}`),
    values: Float64Array.from(targets.flatMap(target => means(codes, words.length, target, smooth, weights))),
  }));
}

/** Of each word, then twice the overall mean. */
function means(
  codes: Float32Array,
  words: number,
  target: Float32Array,
  smooth: number,
  weights: Float32Array | undefined,
): number[] {
  const [sums, counts] = [new Float64Array(words), new Float64Array(words)];
  let [sum, count] = [0, 0];
  codes.forEach((code, row) => {
    const weight = weights?.[row] ?? 1;
    sum += weight * target[row];
    count += weight;
    if (Number.isNaN(code)) return;
    sums[code] += weight * target[row];
    counts[code] += weight;
  });
  const overall = count > 0 ? sum / count : 0;
  const of = (word: number): number =>
    counts[word] + smooth === 0 ? overall : (sums[word] + smooth * overall) / (counts[word] + smooth);
  return [...Array.from(sums, (_, word) => of(word)), overall, overall];
}

export function loadTargetEncode(saved: Saved): FittedTransformer {
  return loadEncoded(saved, KIND);
}
