import { AppError, type FileFormat } from '@bellwether/contracts';
import { LOG_COLUMNS } from './access-log.ts';
import { firstRecords } from './delimiter.ts';
import { fieldsOf } from './json.ts';
import { parquetColumns } from './parquet.ts';
import { sniff } from './sniff.ts';

/** What a file is and what its columns are called. */
export interface FileShape {
  format: FileFormat;
  columns: string[];
  /** Its size on disk. */
  bytes: number;
}

/**
 * Recognises a file and its columns.
 *
 * @param isKnownName whether a word is the name of a field, which tells a header from a row of text
 * @throws AppError `import.…` as `sniff` does, and `import.no_rows` when there is no row to read
 */
export async function shapeOf(
  path: string,
  name: string,
  isKnownName: (word: string) => boolean,
): Promise<FileShape> {
  const { format, bytes, sample } = await sniff(path, name);
  switch (format.container) {
    case 'log':
      return { format, bytes, columns: [...LOG_COLUMNS] };
    case 'parquet':
      return { format, bytes, columns: await parquetColumns(path, name) };
    case 'jsonl':
      return { format, bytes, columns: keysOf(sample, name) };
    case 'csv': {
      const [first = []] = firstRecords(sample, format.delimiter!, 1);
      const header = isHeader(first, isKnownName);
      const columns = distinct(first.map((cell, place) => (header && cell.trim()) || `column ${place + 1}`));
      return { format: { ...format, header }, bytes, columns };
    }
  }
}

/** Every key of the sample's objects, in the order in which they first appear. */
function keysOf(sample: string, name: string): string[] {
  const keys = new Set<string>();
  for (const text of objectsIn(sample)) for (const key of Object.keys(fieldsOf(text) ?? {})) keys.add(key);
  if (keys.size > 0) return [...keys];
  throw new AppError(
    'import.no_rows',
    `${name} looks like JSON but none of its first lines is an object; one object a line, or an array of objects, is expected`,
  );
}

function objectsIn(sample: string): string[] {
  if (!sample.trimStart().startsWith('[')) return sample.split('\n');
  const end = sample.lastIndexOf('}');
  // a sample of an array ends inside it; try ever fewer of its objects
  for (let at = end; at > 0; at = sample.lastIndexOf('}', at - 1)) {
    try {
      const items = JSON.parse(`${sample.slice(0, at + 1)}]`) as unknown[];
      return items.map(item => JSON.stringify(item));
    } catch {
      continue;
    }
  }
  return [];
}

const NUMBER_OR_DATE = /^\s*[-+(£$€¥]*\d[\d.,:/\-\sTZ+%)]*$/;

/** A first line is a header when its cells are names: known ones, or distinct words without a number, date or e-mail. */
function isHeader(cells: readonly string[], isKnownName: (word: string) => boolean): boolean {
  if (cells.filter(isKnownName).length >= 2) return true;
  const words = cells.map(cell => cell.trim()).filter(cell => cell !== '');
  const data = words.some(word => NUMBER_OR_DATE.test(word) || word.includes('@') || word.length > 120);
  return words.length > 0 && !data && new Set(words).size === words.length;
}

function distinct(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map(name => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}
