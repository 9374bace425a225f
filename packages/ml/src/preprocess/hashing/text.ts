import { MlError, required } from '../../errors.ts';
import { SavedReader, type Json, type Saved } from '../../saved.ts';
import type { SparseRows } from '../../sparse.ts';
import { Grams, type GramRanges } from './grams.ts';
import { defaultWords, type Segment } from './segment.ts';

export interface TextHashingParameters {
  /** Places that n-grams are hashed onto. */
  width?: number;
  /** From how many words in a row to how many; nothing of words where it is null. */
  words?: readonly [from: number, to: number] | null;
  /** The same of characters (code points), over word boundaries, which count as one space. */
  characters?: readonly [from: number, to: number] | null;
  /** 1 + ln(count) in place of the count. */
  sublinear?: boolean;
  /** Whether what is in many texts counts less: times ln((1 + texts) / (1 + texts that have it)) + 1. */
  idf?: boolean;
  /** What is in fewer of the texts that are learned from is left out. */
  minTexts?: number;
}

/** Texts in, sparse rows of length 1 out (by the sum of squares); a text without a known n-gram is an empty row. */
export interface TextHashing {
  readonly name: string;
  readonly parameters: Required<TextHashingParameters>;
  /** Also gives the rows of the texts that it learned from. @throws MlError `ml.no_rows` */
  fit(texts: readonly string[]): { fitted: FittedTextHashing; rows: SparseRows };
}

export interface FittedTextHashing {
  readonly kind: string;
  readonly width: number;
  transform(texts: readonly string[]): SparseRows;
  save(): Saved;
}

type Rule = Required<TextHashingParameters>;

const KIND = 'textHashing';
const VERSION = 1;

/**
 * Texts as hashed n-grams of words and characters, weighted by tf-idf. Texts are brought into Unicode's form KC and lower
 * case; everything that is neither letter nor digit parts words.
 *
 * @param segment words of a text, for languages written without spaces; by default every run of letters and digits is a
 *   word, and every Han character one of its own
 * @example
 * const { fitted, rows } = textHashing({ words: [1, 2], characters: [2, 4] }).fit(texts);
 * fitted.transform(['Where is my order?']);
 */
export function textHashing(parameters: TextHashingParameters = {}, segment?: Segment): TextHashing {
  const rule: Rule = {
    ...{ width: 2 ** 18, words: [1, 2], characters: null, sublinear: true, idf: true, minTexts: 1 },
    ...parameters,
  };
  checkRule(rule);
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze(rule),
    fit: (texts: readonly string[]) => fit(rule, segment, texts),
  });
}

function checkRule({ width, words, characters, minTexts }: Rule): void {
  required(
    Number.isInteger(width) && width >= 1 && width <= 2 ** 26,
    'width',
    'a whole number from 1 to 2^26',
    width,
  );
  for (const [name, range] of Object.entries({ words, characters }))
    required(
      range === null || isRange(range),
      name,
      'null or whole numbers [from, to], 1 <= from <= to <= 16',
      range,
    );
  required(words !== null || characters !== null, 'words', 'a range where characters are null', words);
  required(Number.isInteger(minTexts) && minTexts >= 1, 'minTexts', 'a whole number from 1 up', minTexts);
}

function isRange(range: Json | undefined): range is readonly [number, number] {
  if (!Array.isArray(range) || range.length !== 2) return false;
  const [from, to] = range as readonly Json[];
  return (
    Number.isInteger(from) &&
    Number.isInteger(to) &&
    Number(from) >= 1 &&
    Number(from) <= Number(to) &&
    Number(to) <= 16
  );
}

interface Fitted {
  rule: Rule;
  segment: Segment | undefined;
  /** Factor of each place; 0 where it is left out. */
  idf: Float32Array;
}

function fit(
  rule: Rule,
  segment: Segment | undefined,
  texts: readonly string[],
): { fitted: FittedTextHashing; rows: SparseRows } {
  if (texts.length === 0) throw new MlError('ml.no_rows', 'there are no texts to learn from');
  const counts = countsOf(rule, segment, texts);
  const idf = idfOf(rule, counts);
  const parts = { rule, segment, idf };
  return { fitted: fittedText(parts), rows: weighted(parts, counts) };
}

function fittedText(parts: Fitted): FittedTextHashing {
  const { rule, segment, idf } = parts;
  return {
    ...{ kind: KIND, width: rule.width },
    transform: texts => weighted(parts, countsOf(rule, segment, texts)),
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: { ...inOrder(rule), segmented: segment !== undefined },
      arrays: { idf },
      parts: [],
    }),
  };
}

/** The same parameters in one order, so that equal models are saved as equal bytes. */
function inOrder({ width, words, characters, sublinear, idf, minTexts }: Rule): Rule {
  return { width, words, characters, sublinear, idf, minTexts };
}

/** How often each place is in each text. */
function countsOf(
  { width, words, characters }: Rule,
  segment: Segment | undefined,
  texts: readonly string[],
): SparseRows {
  const ranges: GramRanges = { words, characters };
  const grams = new Grams(width, ranges, segment ?? defaultWords);
  for (const text of texts) grams.add(text);
  return grams.rows();
}

function idfOf({ width, idf, minTexts }: Rule, { rows, indices }: SparseRows): Float32Array {
  const texts = new Uint32Array(width);
  for (const place of indices) texts[place] = texts[place] + 1;
  const factors = new Float32Array(width);
  for (let place = 0; place < width; place++)
    if (texts[place] >= minTexts) factors[place] = idf ? Math.log((1 + rows) / (1 + texts[place])) + 1 : 1;
  // of a place that no text has, this is what its formula says; it is left out where rare ones are
  if (minTexts === 1)
    for (let place = 0; place < width; place++)
      if (texts[place] === 0) factors[place] = idf ? Math.log(1 + rows) + 1 : 1;
  return factors;
}

/** Counts times idf, each row brought to length 1; places that are left out are gone. */
function weighted({ rule, idf }: Fitted, counts: SparseRows): SparseRows {
  const { rows, width, values = new Float32Array() } = counts;
  const offsets = new Uint32Array(rows + 1);
  const indices = new Uint32Array(counts.indices.length);
  const found = new Float32Array(indices.length);
  let next = 0;
  for (let row = 0; row < rows; row++) {
    const start = next;
    let squares = 0;
    for (let at = counts.offsets[row]; at < counts.offsets[row + 1]; at++) {
      const place = counts.indices[at];
      const value = idf[place] * (rule.sublinear ? 1 + Math.log(values[at]) : values[at]);
      if (value === 0) continue;
      indices[next] = place;
      found[next++] = value;
      squares += value * value;
    }
    const length = Math.sqrt(squares);
    for (let at = start; at < next; at++) found[at] = found[at] / length;
    offsets[row + 1] = next;
  }
  return { rows, width, offsets, indices: indices.slice(0, next), values: found.slice(0, next) };
}

/**
 * What `save` of a fitted text hashing gave.
 *
 * @param segment as it was learned with
 * @throws MlError `ml.bad_model`; also where it was learned with a segmentation and none is given
 */
export function loadTextHashing(saved: Saved, segment?: Segment): FittedTextHashing {
  const reader = new SavedReader(saved, KIND, VERSION);
  const { words, characters } = saved.values;
  if (words !== null && !isRange(words)) throw reader.bad('words');
  if (characters !== null && !isRange(characters)) throw reader.bad('characters');
  const rule = {
    ...{ width: reader.number('width'), words, characters, minTexts: reader.number('minTexts') },
    ...{ sublinear: reader.flag('sublinear'), idf: reader.flag('idf') },
  };
  if (reader.flag('segmented') && !segment)
    throw new MlError(
      'ml.bad_model',
      'the texts were parted into words by a function of yours: load it with that function',
    );
  return fittedText({ rule, segment, idf: reader.typed('idf', 'f32', rule.width) });
}
