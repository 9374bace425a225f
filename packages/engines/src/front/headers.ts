import type { FrontRequest } from './request.ts';

/** What ClickHouse's `X-ClickHouse-Summary` tells, as far as the engine reports it. */
export interface Counts {
  readRows?: number;
  readBytes?: number;
  writtenRows?: number;
  writtenBytes?: number;
  resultRows?: number;
  resultBytes?: number;
}

const CONTENT_TYPES: readonly (readonly [RegExp, string])[] = [
  [/^(JSON.*EachRow|JSONLines|NDJSON)/, 'application/x-ndjson; charset=UTF-8'],
  [/^JSON/, 'application/json; charset=UTF-8'],
  [/^CSV/, 'text/csv; charset=UTF-8'],
  [/^(TabSeparated|TSV)/, 'text/tab-separated-values; charset=UTF-8'],
  [/^(Arrow|Parquet|ORC|Avro|Native|RowBinary|RawBLOB)/, 'application/octet-stream'],
];

/** The headers of an answer with rows. */
export function headers(
  request: FrontRequest,
  format: string,
  counts: Counts,
  started: bigint,
): Record<string, string> {
  return {
    'Content-Type': CONTENT_TYPES.find(([name]) => name.test(format))?.[1] ?? 'text/plain; charset=UTF-8',
    'X-ClickHouse-Query-Id': request.queryId,
    'X-ClickHouse-Format': format,
    'X-ClickHouse-Timezone': 'UTC',
    'X-ClickHouse-Server-Display-Name': 'bellwether',
    'X-ClickHouse-Summary': summary(counts, process.hrtime.bigint() - started),
  };
}

/** ClickHouse writes these numbers as text. */
function summary(counts: Counts, elapsed: bigint): string {
  return JSON.stringify({
    read_rows: String(counts.readRows ?? 0),
    read_bytes: String(counts.readBytes ?? 0),
    written_rows: String(counts.writtenRows ?? 0),
    written_bytes: String(counts.writtenBytes ?? 0),
    total_rows_to_read: '0',
    result_rows: String(counts.resultRows ?? 0),
    result_bytes: String(counts.resultBytes ?? 0),
    elapsed_ns: String(elapsed),
  });
}
