import { AppError } from '@bellwether/contracts';

interface Foreign {
  /** The bytes with which such a file begins, as Latin-1. */
  mark: string;
  at?: number;
  is: string;
  advice: string;
}

const SAVE_AS_CSV = 'open it and save it as CSV';
const UNPACK = 'unpack it and import the file inside';

/** Files that people take for an export, and what to do about each. Longer marks first. */
const FOREIGN: readonly Foreign[] = [
  {
    mark: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
    is: 'an old Excel workbook, or one with a password',
    advice: SAVE_AS_CSV,
  },
  { mark: 'SQLite format 3', is: 'a SQLite database', advice: 'export its table as CSV' },
  { mark: '%PDF', is: 'a PDF', advice: 'export the data as CSV' },
  { mark: '7z\xbc\xaf\x27\x1c', is: 'a 7-Zip archive', advice: UNPACK },
  { mark: 'Rar!', is: 'a RAR archive', advice: UNPACK },
  { mark: '\xfd7zXZ', is: 'packed with xz', advice: UNPACK },
  { mark: '\x28\xb5\x2f\xfd', is: 'packed with zstd', advice: UNPACK },
  { mark: 'BZh', is: 'packed with bzip2', advice: UNPACK },
  { mark: '\x89PNG', is: 'a picture', advice: 'an export is expected' },
  { mark: '\xff\xd8\xff', is: 'a picture', advice: 'an export is expected' },
  { mark: 'ustar', at: 257, is: 'a tar archive', advice: UNPACK },
  { mark: 'ORC', is: 'an ORC file', advice: 'convert it to Parquet or CSV' },
  { mark: 'Obj\x01', is: 'an Avro file', advice: 'convert it to Parquet or CSV' },
  { mark: 'ARROW1', is: 'an Arrow file', advice: 'convert it to Parquet or CSV' },
];

const ZIP = 'PK\x03\x04';
const EXPECTED = 'CSV, TSV, JSON lines, Parquet or a web access log is expected, gzipped or not';

/** @throws AppError `import.wrong_format` when the bytes are those of a file that no importer reads */
export function refuseForeign(head: Buffer, name: string): void {
  const text = head.toString('latin1', 0, 4096);
  if (text.startsWith(ZIP)) throw wrong(name, zipKind(head, text));
  const found = FOREIGN.find(({ mark, at = 0 }) => text.startsWith(mark, at));
  if (found !== undefined) throw wrong(name, found);
  if (/^\s*<(?:!doctype|html|\?xml)/i.test(text))
    throw wrong(name, { is: 'a web page or XML', advice: 'download the export itself' });
}

function zipKind(head: Buffer, text: string): Pick<Foreign, 'is' | 'advice'> {
  const encrypted = head.length > 6 && (head[6] & 1) === 1;
  if (encrypted) return { is: 'a zip archive with a password', advice: 'unpack it with its password' };
  if (text.includes('[Content_Types].xml') || text.includes('xl/'))
    return { is: 'an Excel workbook (.xlsx)', advice: SAVE_AS_CSV };
  return { is: 'a zip archive', advice: UNPACK };
}

function wrong(name: string, { is, advice }: Pick<Foreign, 'is' | 'advice'>): AppError {
  return new AppError('import.wrong_format', `${name} is ${is}; ${EXPECTED}: ${advice}`);
}

/** The error for bytes that are no text and no format that is known. */
export function binaryFile(name: string): AppError {
  return new AppError('import.binary', `${name} is a binary file of no known kind; ${EXPECTED}`);
}
