import { AppError, sentenceOf } from '@bellwether/contracts';
import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetRead,
  type AsyncBuffer,
  type FileMetaData,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { textOf } from './json.ts';

/** Rows of a row group that are held as text at once. */
const SLICE = 20_000;

interface Opened {
  file: AsyncBuffer;
  metadata: FileMetaData;
}

async function openParquet(path: string, name: string): Promise<Opened> {
  try {
    const file = await asyncBufferFromFile(path);
    return { file, metadata: await parquetMetadataAsync(file) };
  } catch (error) {
    throw new AppError(
      'import.parquet_damaged',
      `${name} begins like Parquet but its table of contents cannot be read (${sentenceOf(error)}); it was cut or damaged: fetch it again`,
      { cause: error },
    );
  }
}

/** The names of a Parquet file's top-level columns. @throws AppError `import.parquet_damaged` */
export async function parquetColumns(path: string, name: string): Promise<string[]> {
  const { metadata } = await openParquet(path, name);
  const [root, ...elements] = metadata.schema;
  const columns: string[] = [];
  for (
    let at = 0;
    at < elements.length && columns.length < (root?.num_children ?? 0);
    at += sizeOfSubtree(elements, at)
  )
    columns.push(elements[at].name);
  return columns;
}

/** The schema lists a nested column's parts behind it. */
function sizeOfSubtree(elements: FileMetaData['schema'], at: number): number {
  let size = 1;
  for (let child = 0; child < (elements[at]?.num_children ?? 0); child++)
    size += sizeOfSubtree(elements, at + size);
  return size;
}

/** Rows as text, a slice of a row group at a time, so that memory does not follow the file's size. */
export async function* parquetRows(
  path: string,
  name: string,
): AsyncGenerator<{ row: string[]; share: number }> {
  const { file, metadata } = await openParquet(path, name);
  const total = Number(metadata.num_rows);
  let done = 0;
  for (const group of metadata.row_groups) {
    const end = done + Number(group.num_rows);
    for (; done < end; done = Math.min(end, done + SLICE)) {
      const slice = await readSlice({ file, metadata }, done, Math.min(end, done + SLICE), name);
      for (const [index, row] of slice.entries())
        yield { row: row.map(textOf), share: (done + index + 1) / total };
    }
  }
}

async function readSlice(
  opened: Opened,
  rowStart: number,
  rowEnd: number,
  name: string,
): Promise<unknown[][]> {
  let rows: unknown[][] = [];
  try {
    await parquetRead({ ...opened, compressors, rowStart, rowEnd, onComplete: found => (rows = found) });
    return rows;
  } catch (error) {
    throw new AppError(
      'import.parquet_damaged',
      `${name} cannot be read after row ${rowStart} (${sentenceOf(error)}): fetch it again, or write it with another tool`,
      { cause: error },
    );
  }
}
