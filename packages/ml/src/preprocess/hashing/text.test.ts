import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { oracle } from '../../linear/sparse/oracle.testing.ts';
import { decode, encode } from '../../saved.ts';
import type { SparseRows } from '../../sparse.ts';
import { murmur3, placeOf } from './murmur.ts';
import { defaultWords, normalised } from './segment.ts';
import { loadTextHashing, textHashing } from './text.ts';

const WIDTH = 1 << 16;
const placeOfGram = (gram: string, seed: number): number =>
  placeOf(murmur3(new TextEncoder().encode(gram), seed), WIDTH);

function rowOf({ offsets, indices, values }: SparseRows, row: number): Map<number, number> {
  const entries = [...indices.subarray(offsets[row], offsets[row + 1])];
  return new Map(entries.map((place, k) => [place, values?.[offsets[row] + k] ?? NaN]));
}

describe('beside TfidfVectorizer', () => {
  test.each(oracle.tfidf)('$parameters', ({ parameters, rows }) => {
    const found = textHashing({ ...parameters, width: WIDTH }).fit(oracle.texts).rows;
    rows.forEach((expected, row) => {
      const own = rowOf(found, row);
      expect(own.size).toBe(Object.keys(expected).length);
      for (const [gram, value] of Object.entries(expected))
        expect(own.get(placeOfGram(gram, 0))).toBeCloseTo(value, 6);
    });
  });
});

test('hashing where grams lie is the same as cutting them out', () => {
  const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(texts, given => {
      const { rows } = textHashing({
        ...{ width: WIDTH, words: [1, 3], characters: [2, 3], idf: false, sublinear: false },
      }).fit(given);
      given.forEach((text, row) => {
        const counts = countsByCutting(text);
        const length = Math.hypot(...counts.values());
        const own = rowOf(rows, row);
        expect(own.size).toBe(counts.size);
        for (const [place, count] of counts) expect(own.get(place)).toBeCloseTo(count / length, 5);
      });
    }),
  );
});

function countsByCutting(text: string): Map<number, number> {
  const [words, characters] = [defaultWords(text), [...` ${normalised(text)} `]];
  const grams = (units: readonly string[], n: number, glue: string): string[] =>
    units.slice(0, Math.max(0, units.length - n + 1)).map((_, i) => units.slice(i, i + n).join(glue));
  const places = [
    ...[1, 2, 3].flatMap(n => grams(words, n, ' ')).map(gram => placeOfGram(gram, 0)),
    ...[2, 3].flatMap(n => grams(characters, n, '')).map(gram => placeOfGram(gram, 1)),
  ];
  const counts = new Map<number, number>();
  for (const place of places) counts.set(place, (counts.get(place) ?? 0) + 1);
  return counts;
}

test('words are runs of letters and digits, and Han characters by themselves', () => {
  expect(defaultWords('Ｗhere’s my ORDER #42?')).toEqual(['where', 's', 'my', 'order', '42']);
  expect(defaultWords('我的iPhone到了')).toEqual(['我', '的', 'iphone', '到', '了']);
  expect(defaultWords(' ?! ')).toEqual([]);
});

test('words may be found by a function, which loading then needs too', () => {
  const pairs = (text: string) => text.match(/../gu) ?? [];
  const { fitted, rows } = textHashing({ words: [1, 1] }, pairs).fit(['优惠券客服']);
  expect(rows.indices.length).toBe(2);
  const saved = decode(encode(fitted.save()));
  expect(() => loadTextHashing(saved)).toThrow(/with that function/);
  expect(loadTextHashing(saved, pairs).transform(['优惠'])).toEqual(fitted.transform(['优惠']));
});

test('an empty text is an empty row, and no texts are refused', () => {
  const { fitted } = textHashing().fit(['a b', 'b c']);
  expect([...fitted.transform(['', '...']).offsets]).toEqual([0, 0, 0]);
  expect(() => textHashing().fit([])).toThrow(/no texts/);
  expect(() => textHashing({ words: [2, 1] })).toThrow(/words must be/);
  expect(() => textHashing({ words: null })).toThrow(/words must be/);
});
