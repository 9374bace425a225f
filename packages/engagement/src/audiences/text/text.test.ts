import type { Condition } from '@bellwether/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { condition } from '../condition.test-support.ts';
import { parseCondition } from './parse.ts';
import { printCondition } from './print.ts';

test('what is printed reads back as it was, but for groups of one', () => {
  fc.assert(
    fc.property(condition, each => {
      expect(parseCondition(printCondition(each))).toEqual(plain(each));
    }),
    { numRuns: 1_000 },
  );
});

test.each<[string, Condition]>([
  ['country is "China"', { kind: 'field', field: 'country', test: { op: 'is', value: 'China' } }],
  [
    'DID "Product Viewed" at least 2 times in 7 days',
    { kind: 'event', event: 'Product Viewed', where: [], times: { op: 'at_least', times: 2 }, days: 7 },
  ],
  [
    'did "Product Viewed" with ("price" >= 10 and "colour" is one of "red", "blue") never',
    {
      ...{ kind: 'event', event: 'Product Viewed', times: { op: 'at_most', times: 0 } },
      where: [
        { property: 'price', test: { op: 'at_least', number: 10 } },
        { property: 'colour', test: { op: 'one_of', values: ['red', 'blue'] } },
      ],
    },
  ],
  [
    'age >= 18 and (not in audience "a \\"b\\"" or random 7 % drawn by "x")',
    {
      kind: 'all',
      of: [
        { kind: 'field', field: 'age', test: { op: 'at_least', number: 18 } },
        {
          kind: 'any',
          of: [
            { kind: 'not', of: { kind: 'member', audience: 'a "b"' } },
            { kind: 'random', share: 0.07, salt: 'x' },
          ],
        },
      ],
    },
  ],
])('%s', (text, expected) => {
  expect(parseCondition(text)).toEqual(expected);
});

test.each([
  ['', 'at character 1: a field', 0],
  ['country is', 'at character 11: a value in quotes should stand here, not the end', 10],
  ['country is "China" or', 'not the end', 21],
  ['country is "China" age >= 3', '“and”, “or” or the end should stand here, not “age”', 19],
  ['height >= 3', 'not “height”', 0],
  ['country is ‘China’', '"‘China’" is not understood', 11],
  ['country >= 3', 'this field cannot be asked so', 0],
])('%s is refused with the place: %s', (text, sentence, at) => {
  expect(() => parseCondition(text)).toThrowError(
    expect.objectContaining({
      code: 'audience.bad_text',
      message: expect.stringContaining(sentence),
      details: { at },
    }),
  );
});

test.each(['('.repeat(3_000), 'not '.repeat(3_000), 'x'.repeat(30_000)])(
  'what is too deep or too long is refused',
  text => {
    expect(() => parseCondition(text)).toThrowError(expect.objectContaining({ code: 'audience.bad_text' }));
  },
);

test('no text at all breaks the reader', () => {
  fc.assert(
    fc.property(fc.string(), text => {
      try {
        parseCondition(text);
      } catch (error) {
        expect(error).toMatchObject({ code: 'audience.bad_text' });
      }
    }),
  );
});

/** Without groups of one, as the reader makes none. */
function plain(each: Condition): Condition {
  if (each.kind === 'not') return { kind: 'not', of: plain(each.of) };
  if (each.kind !== 'all' && each.kind !== 'any') return each;
  const [only, ...more] = each.of;
  return only !== undefined && more.length === 0 ? plain(only) : { kind: each.kind, of: each.of.map(plain) };
}
