import { AppError } from '@bellwether/contracts';
import { BlockBuilder, recordsOf } from './block.ts';
import { DelimitedSplitter } from './delimited.ts';

const CANDIDATES = [',', ';', '\t', '|'] as const;
const RECORDS = 500;

/** A text's first records under one delimiter, whatever their number of fields. */
export function firstRecords(sample: string, delimiter: string, limit = RECORDS): string[][] {
  const block = new BlockBuilder(0, { rows: limit, bytes: Infinity });
  const splitter = new DelimitedSplitter(block, { delimiter, columns: 0, damaged: () => false });
  splitter.push(Buffer.from(sample), true).next();
  return recordsOf(block.take())
    .filter(record => record.fault === '')
    .map(record => record.fields);
}

/**
 * The delimiter under which most lines have the same number of columns, more than one.
 *
 * @throws AppError `import.no_columns` when none does
 */
export function delimiterOf(sample: string, name: string): string {
  const judged = CANDIDATES.map(delimiter => ({ delimiter, ...regularity(firstRecords(sample, delimiter)) }));
  const [best] = judged
    .filter(({ columns, share }) => columns > 1 && share >= 0.6)
    .sort((a, b) => b.share - a.share || b.columns - a.columns);
  if (best === undefined) throw noColumns(sample, name);
  return best.delimiter;
}

/** The commonest number of columns, and the share of records that have it. */
function regularity(records: readonly string[][]): { columns: number; share: number } {
  const counts = new Map<number, number>();
  for (const record of records) counts.set(record.length, (counts.get(record.length) ?? 0) + 1);
  const [columns, count] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [0, 0];
  return { columns, share: count / Math.max(1, records.length) };
}

function noColumns(sample: string, name: string): AppError {
  const lines = sample
    .split('\n')
    .filter(line => line.trim() !== '')
    .slice(0, 100);
  const words = regularity(lines.map(line => line.trim().split(/\s+/)));
  const what =
    words.columns > 1 && words.share > 0.9
      ? `${words.columns} columns of fixed width, separated by spaces`
      : 'lines without a delimiter';
  const shown = (lines[0] ?? '').trim().slice(0, 60);
  return new AppError(
    'import.no_columns',
    `${name} holds ${what} (“${shown}”); columns separated by comma, semicolon, tab or | with a header line are expected: save it as CSV`,
  );
}
