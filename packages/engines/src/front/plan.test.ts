import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Body } from './body.ts';
import { bringsData, planOf, readingFrom } from './plan.ts';
import type { FrontRequest } from './request.ts';
import { blanked, literal, readStatement } from './statement.ts';

const request = (query: string, more: Partial<FrontRequest> = {}): FrontRequest => ({
  path: '/',
  queryId: 'q',
  query,
  database: '',
  format: 'TabSeparated',
  user: '',
  password: '',
  settings: [],
  params: [],
  gzip: false,
  wait: false,
  ...more,
});
const body = (text: string): Body => ({
  bytes: Buffer.from(text),
  file: undefined,
  release: async () => undefined,
});

test.each([
  ['SELECT 1 FORMAT JSONEachRow', 'flow', 'JSONEachRow'],
  ['-- words\n (SELECT 1) UNION ALL (SELECT 2)', 'flow', 'TabSeparated'],
  ["SELECT 'FORMAT JSON' FORMAT CSV", 'flow', 'CSV'],
  ['SELECT 1 FORMAT JSON', 'whole', 'JSON'],
  ['SELECT 1 FORMAT JSON SETTINGS max_threads = 1', 'whole', 'JSON'],
  ['SHOW TABLES', 'whole', 'TabSeparated'],
  ['CREATE TABLE t (n Int8) ENGINE = Memory', 'whole', 'TabSeparated'],
  ['INSERT INTO t SELECT 1', 'insert', 'TabSeparated'],
])('%s is run as %s', (sql, kind, format) => {
  expect(planOf(request(''), body(sql))).toMatchObject({ kind, format });
  expect(planOf(request(sql), body(''))).toMatchObject({ kind, format });
});

test('a result that is asked for as a whole is gathered', () => {
  const select = body('SELECT 1');
  expect(planOf(request('', { wait: true }), select).kind).toBe('whole');
  const asArray = request('', {
    format: 'JSONEachRow',
    settings: [['output_format_json_array_of_rows', '1']],
  });
  expect(planOf(asArray, select).kind).toBe('whole');
});

test('rows behind an insert are cut from it', () => {
  const insert = planOf(request(''), body('INSERT INTO t (a) FORMAT CSV\n1,"FORMAT TSV"\n'));
  expect(insert).toMatchObject({
    sql: 'INSERT INTO t (a) FORMAT CSV',
    data: Buffer.from('1,"FORMAT TSV"\n'),
  });
  const values = planOf(request(''), body("INSERT INTO `VALUES` VALUES (1, ';')"));
  expect(values).toMatchObject({ sql: 'INSERT INTO `VALUES` VALUES', data: Buffer.from(" (1, ';')") });
});

test.each([
  ['INSERT INTO t FORMAT CSV', true],
  ["INSERT INTO t (a, b) SETTINGS insert_deduplication_token = 'it''s' FORMAT Parquet\n", true],
  ["INSERT INTO t SELECT a FROM input('a Int8') FORMAT CSV", true],
  ['INSERT INTO t VALUES', true],
  ['INSERT INTO t VALUES (1)', false],
  ['INSERT INTO t SELECT a FROM u', false],
  ['SELECT 1 FORMAT CSV', false],
  ['', false],
])('%s waits for rows: %s', (query, expected) => {
  expect(bringsData(query)).toBe(expected);
});

test('an insert is turned to read a file, its settings kept', () => {
  expect(readingFrom('/x', "INSERT INTO t (a) SETTINGS k = 'FORMAT' FORMAT CSV")).toBe(
    "INSERT INTO t (a) FROM INFILE '/x' COMPRESSION 'none' SETTINGS k = 'FORMAT' FORMAT CSV",
  );
  expect(readingFrom('/x', 'INSERT INTO t VALUES')).toBe(
    "INSERT INTO t FROM INFILE '/x' COMPRESSION 'none' FORMAT Values",
  );
  expect(readingFrom('/x', "INSERT INTO t SELECT a FROM input('a Int8') WHERE a FORMAT CSV")).toBe(
    "INSERT INTO t SELECT a FROM file('/x', 'CSV', 'a Int8') WHERE a",
  );
});

test('a second statement is refused, a semicolon in quotes or comments is none', () => {
  for (const sql of [
    "SELECT ';'",
    'SELECT 1; ',
    'SELECT 1 -- ;x',
    'SELECT /* ; */ 1;;',
    'SELECT $a$;$a$',
    'SELECT `;`',
  ])
    expect(readStatement(sql).verb).toBe('SELECT');
  for (const sql of ['SELECT 1; DROP TABLE t', "SELECT 'a\\\\'; SELECT 2", "SELECT 'it''s'; x"])
    expect(() => readStatement(sql)).toThrow(/Multi-statements/);
});

const odd = fc.string({ unit: fc.constantFrom(...'\'\\`";$#!-/*\n\0a優'), maxLength: 30 });

test('blanking keeps the length, and leaves nothing of a literal', () => {
  fc.assert(
    fc.property(odd, odd, (text, around) => {
      expect(blanked(around)).toHaveLength(around.length);
      const quoted = literal(text);
      expect(blanked(`SELECT ${quoted} AS x`)).toBe(`SELECT ${' '.repeat(quoted.length)} AS x`);
    }),
  );
});
