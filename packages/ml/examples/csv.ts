import { tableOf, type Table } from '@bellwether/ml';
import { readFileSync } from 'node:fs';

/** The named columns of a file of comma-separated numbers with a line of names first; an empty field is missing. */
export function readColumns(file: string, names: readonly string[]): Table {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
  const header = head.split(',').map(name => name.trim());
  const fields = lines.map(line => line.split(','));
  const column = (name: string): Float32Array => {
    const at = header.indexOf(name);
    if (at < 0) throw new Error(`${file} has no column "${name}"; found ${header.join(', ')}`);
    return Float32Array.from(fields, field => (field[at]?.trim() ? Number(field[at]) : NaN));
  };
  return tableOf(Object.fromEntries(names.map(name => [name, column(name)])));
}
