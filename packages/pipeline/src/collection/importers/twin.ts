import type { Mapping, OnProgress } from '@bellwether/contracts';
import type { Records } from '@bellwether/records';
import { createHash } from 'node:crypto';
import { contentOf } from './file/source.ts';
import type { ImportRow } from './imports.ts';

/** The SHA-256 of a file as it lies on disk. @throws AppError `import.file_missing`, `import.file_unreadable` */
export async function hashOf(
  { file_path, bytes_total }: ImportRow,
  onProgress?: OnProgress,
): Promise<string> {
  const hash = createHash('sha256');
  let done = 0;
  for await (const chunk of contentOf(file_path, 'none')) {
    hash.update(chunk);
    done += chunk.length;
    onProgress?.({ done, total: bytes_total, unit: 'bytes', step: 'import.hash' });
  }
  return hash.digest('hex');
}

/** An import of the same file, as the same kind, by the same mapping, that is done. */
export async function twinOf(records: Records, row: ImportRow, hash: string): Promise<ImportRow | undefined> {
  const done = await records
    .selectFrom('imports')
    .selectAll()
    .where('file_hash', '=', hash)
    .where('kind', '=', row.kind)
    .where('state', '=', 'done')
    .where('id', '!=', row.id)
    .orderBy('created_at')
    .execute();
  return done.find(other => sameMapping(other.mapping, row.mapping));
}

/** What one of them leaves to be found in the data, and the other says, is no difference: the data is the same. */
function sameMapping(one: Mapping, other: Mapping): boolean {
  const written = ({ fields, timezone, currency }: Mapping): string =>
    JSON.stringify([Object.entries(fields).sort(), timezone, currency]);
  const agree = (a: boolean | undefined, b: boolean | undefined): boolean =>
    a === undefined || b === undefined || a === b;
  return (
    written(one) === written(other) &&
    agree(one.day_first, other.day_first) &&
    agree(one.decimal_comma, other.decimal_comma)
  );
}
