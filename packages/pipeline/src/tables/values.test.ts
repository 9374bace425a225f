import fc from 'fast-check';
import { expect, test } from 'vitest';
import { conventionsOf, dateOf, isMissing, numberOf, yesOf } from './values.ts';

const amount = fc.integer({ min: -99_999_999, max: 99_999_999 }).map(cents => cents / 100);
const grouped = (text: string, separator: string): string => text.replace(/\B(?=(\d{3})+(?!\d))/g, separator);

test('a number is read back however it was written', () => {
  fc.assert(
    fc.property(amount, fc.constantFrom('', '€', '£ ', '$'), (value, sign) => {
      const [whole, cents] = Math.abs(value).toFixed(2).split('.');
      const minus = value < 0 ? '-' : '';
      expect(numberOf(`${minus}${sign}${grouped(whole, ',')}.${cents}`, false)).toBeCloseTo(value, 6);
      expect(numberOf(`${minus}${grouped(whole, '.')},${cents} ${sign}`, true)).toBeCloseTo(value, 6);
      expect(numberOf(`${minus}${whole}.${cents}`, false)).toBeCloseTo(value, 6);
    }),
  );
});

test('what is no number says so', () => {
  for (const text of ['', 'abc', '12 or 13', '2024-01-05', '1.2.3.x', 'yes', '--5'])
    expect(numberOf(text, false), text).toBeNaN();
  expect(numberOf('(12.00)', false)).toBe(-12);
  expect(numberOf('45 %', false)).toBe(45);
  expect(numberOf('1e3', false)).toBe(1000);
  expect(numberOf('-0.5', false)).toBe(-0.5);
});

test('a day is read back however it was written, and one that does not exist is none', () => {
  const days = fc.integer({ min: 0, max: 25_000 }).map(day => new Date(day * 86_400_000));
  fc.assert(
    fc.property(days, date => {
      const [year, month, day] = date.toISOString().slice(0, 10).split('-');
      for (const text of [`${year}-${month}-${day}`, `${year}/${Number(month)}/${Number(day)}`])
        expect(dateOf(text, false)).toBe(date.getTime());
      expect(dateOf(`${year}年${Number(month)}月${Number(day)}日`, false)).toBe(date.getTime());
      expect(dateOf(`${day}.${month}.${year}`, true)).toBe(date.getTime());
      expect(dateOf(`${month}/${day}/${year}`, false)).toBe(date.getTime());
    }),
  );
  expect(dateOf('2023-02-29', false)).toBeNaN();
  expect(dateOf('31/31/2023', true)).toBeNaN();
  expect(dateOf('2024-01-05 14:30', false)).toBe(Date.UTC(2024, 0, 5, 14, 30));
});

test('conventions are found in the values', () => {
  expect(conventionsOf(['1.234,50', '12,5', '7'])).toMatchObject({ decimalComma: true });
  expect(conventionsOf(['1,234.50', '12.5', '7'])).toMatchObject({ decimalComma: false });
  expect(conventionsOf(['13/02/2024', '01/03/2024'])).toMatchObject({ dayFirst: true });
  expect(conventionsOf(['02/13/2024', '01/03/2024'])).toMatchObject({ dayFirst: false });
});

test('missing words are missing, and who did not tell is not', () => {
  for (const text of ['', ' ', 'NA', 'n/a', 'NULL', 'NaN', '?', '-', '缺失'])
    expect(isMissing(text), text).toBe(true);
  for (const text of ['unknown', 'none', '0', 'no']) expect(isMissing(text), text).toBe(false);
});

test('yes is found where it is plain', () => {
  expect(yesOf(['no', 'yes'])).toBe('yes');
  expect(yesOf(['0', '1'])).toBe('1');
  expect(yesOf(['否', '是'])).toBe('是');
  expect(yesOf(['CH', 'MM'])).toBeUndefined();
  expect(yesOf(['yes', 'no', 'maybe'])).toBeUndefined();
});
