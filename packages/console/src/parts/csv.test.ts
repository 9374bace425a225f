import { expect, test } from 'vitest';
import { csvOf } from './csv.ts';

test('values with commas, quotes and line ends are quoted, Chinese is marked as UTF-8', () => {
  expect(
    csvOf(
      ['名称', 'n'],
      [
        ['a,b', 1],
        ['say "x"\nthen', null],
      ],
    ),
  ).toBe('\uFEFF名称,n\r\n"a,b",1\r\n"say ""x""\nthen",\r\n');
});

test('a text that a spreadsheet would compute is defused, a negative number is not', () => {
  expect(csvOf(['a'], [['=1+1'], [-5], ['-5']])).toBe("\uFEFFa\r\n'=1+1\r\n-5\r\n'-5\r\n");
});
