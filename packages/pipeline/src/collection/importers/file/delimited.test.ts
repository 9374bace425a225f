import { parse } from 'csv-parse/sync';
import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BlockBuilder, recordsOf, type StagedRecord } from './block.ts';
import { DelimitedSplitter } from './delimited.ts';

const damaged = (bytes: Buffer): boolean => !isUtf8(bytes);

/** Everything that the splitter finds in a text that arrives in chunks of this many bytes. */
function split(text: string | Buffer, columns: number, chunk = 1 << 20, delimiter = ','): StagedRecord[] {
  const bytes = Buffer.from(text);
  const block = new BlockBuilder(columns, { rows: 3, bytes: 1 << 20 });
  const splitter = new DelimitedSplitter(block, { delimiter, columns, damaged });
  const found: StagedRecord[] = [];
  for (let at = 0; at <= bytes.length; at += chunk) {
    const last = at + chunk > bytes.length;
    for (const _ of splitter.push(bytes.subarray(at, at + chunk), last))
      found.push(...recordsOf(block.take()));
  }
  found.push(...recordsOf(block.take()));
  return found;
}

const oracle = (text: string, delimiter = ','): string[][] =>
  parse(text, {
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: ['\n', '\r\n'],
  });

const fieldText = fc.string({
  unit: fc.constantFrom('a', 'é', '价', '"', ',', ';', '\t', '\n', '\r', '\\', '\0', ' '),
});
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

test('a table written as CSV is read back, in chunks of any size, with any delimiter and either line end', () => {
  const table = fc
    .integer({ min: 2, max: 5 })
    .chain(columns => fc.array(fc.array(fieldText, { minLength: columns, maxLength: columns })));
  fc.assert(
    fc.property(
      table,
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom(',', ';', '\t'),
      fc.constantFrom('\n', '\r\n'),
      (rows, chunk, delimiter, newline) => {
        const text = rows.map(row => row.map(quoted).join(delimiter) + newline).join('');
        const records = split(text, rows[0]?.length ?? 2, chunk, delimiter);
        expect(records.map(record => record.fields)).toEqual(rows);
        expect(records.every(record => record.fault === '')).toBe(true);
      },
    ),
  );
});

test('whatever csv-parse accepts is read as csv-parse reads it', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', '"', '""', ',', '\n', '\r\n', ' ', 'a,', '"a"'),
    maxLength: 40,
  });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 50 }), (csv, chunk) => {
      let expected: string[][];
      try {
        expected = oracle(csv);
      } catch {
        return;
      }
      expect(split(csv, 0, chunk).map(record => record.fields)).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});

test('no byte of a text is lost, however broken: each line is a record, part of one, blank, or refused', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' '), maxLength: 60 });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 20 }), (csv, chunk) => {
      const records = split(csv, 2, chunk);
      expect(records).toEqual(split(csv, 2));
      const starts = records.map(record => record.line);
      expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
      const lines = csv.split('\n');
      for (const record of records.filter(each => each.fault === 'unclosed_quote'))
        expect(record.raw).toBe(lines[record.line - 1]);
    }),
    { numRuns: 1000 },
  );
});

test('a line with a wrong number of columns is refused with its number and text; the next is read', () => {
  const records = split('a,b\n1,2,3\n\n4,5\r\n6\n', 2);
  expect(records.map(({ line, fault, raw }) => [line, fault, raw])).toEqual([
    [1, '', ''],
    [2, 'wrong_number_of_columns', '1,2,3'],
    [4, '', ''],
    [5, 'wrong_number_of_columns', '6'],
  ]);
  expect(records[1]?.detail).toBe('3 where 2 are expected');
});

test('a quote that is never closed costs its own line only', () => {
  const records = split('a,b\n"oops,2\n3,4\n"x"y,5\n"6\n6",7', 2);
  expect(records.map(({ line, fault, fields }) => [line, fault, fields.join('|')])).toEqual([
    [1, '', 'a|b'],
    [2, 'unclosed_quote', '|'],
    [3, '', '3|4'],
    [4, 'unclosed_quote', '|'],
    [5, '', '6\n6|7'],
  ]);
});

test('bytes that are no UTF-8 cost their line', () => {
  const records = split(
    Buffer.concat([Buffer.from('a,b\nca'), Buffer.from([0xe9]), Buffer.from(',1\né,2\n')]),
    2,
  );
  expect(records.map(({ line, fault, raw }) => [line, fault, raw])).toEqual([
    [1, '', ''],
    [2, 'not_decodable', 'caé,1'],
    [3, '', ''],
  ]);
});

test('a quote that stays open for more than the longest record is given up', () => {
  const row = `${'x'.repeat(250)},y\n`;
  const records = split(`"open,1\n${row.repeat(5000)}`, 2, 64 * 1024);
  expect(records[0]?.fault).toBe('unclosed_quote');
  expect(records).toHaveLength(5001);
});
