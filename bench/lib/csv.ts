import { encoded, type Table } from '@bellwether/ml';
import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/**
 * A table of a delimited file with a header, gzipped or not: a column whose every value is a number or empty is one of
 * numbers, any other one of words.
 */
export function tableOfFile(path: string, delimiter: string): Table {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const [names = [], ...rows] = parse(text, { delimiter });
  const dictionaries: Record<string, readonly string[]> = {};
  const columns = names.map((name, j) => {
    const values = rows.map(row => row[j] ?? '');
    const numbers = Float32Array.from(values, value => (value === '' ? NaN : Number(value)));
    if (values.every((value, row) => value === '' || !Number.isNaN(numbers[row]))) return numbers;
    const { dictionary, codes } = encoded(values);
    dictionaries[name] = dictionary;
    return codes;
  });
  return { names, rows: rows.length, columns, dictionaries };
}

/** The table without some of its columns. */
export function without(table: Table, names: readonly string[]): Table {
  const kept = table.names.filter(name => !names.includes(name));
  return { ...table, names: kept, columns: kept.map(name => table.columns[table.names.indexOf(name)]) };
}
