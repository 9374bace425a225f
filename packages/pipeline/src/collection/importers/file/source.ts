import { AppError, sentenceOf, type FileFormat } from '@bellwether/contracts';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';

const CHUNK = 1024 * 1024;

/** Told how many bytes of the file, as it lies on disk, were read so far. */
export type OnBytes = (read: number) => void;

/**
 * The size of a file that can be imported.
 *
 * @throws AppError `import.file_missing`, `import.not_a_file`, `import.file_unreadable`, `import.file_empty`
 */
export async function sizeOf(path: string, name = basename(path)): Promise<number> {
  const found = await stat(path).catch((error: unknown) => {
    const missing = sentenceOf(error).includes('ENOENT');
    throw missing
      ? new AppError('import.file_missing', `there is no file ${path}; give the path of an export to import`)
      : unreadable(name, error);
  });
  if (!found.isFile())
    throw new AppError('import.not_a_file', `${name} is a folder, not a file; give the path of one export`);
  if (found.size === 0)
    throw new AppError(
      'import.file_empty',
      `${name} is empty; an export with a header line and rows is expected`,
    );
  return found.size;
}

/** The first bytes of a file as they lie on disk. */
export async function headOf(path: string, length: number): Promise<Buffer> {
  const file = await open(path).catch((error: unknown) => {
    throw unreadable(basename(path), error);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * A file's content, unpacked, chunk by chunk.
 *
 * @throws AppError `import.gzip_truncated`, `import.gzip_damaged`, `import.file_unreadable`
 */
export async function* contentOf(
  path: string,
  compression: FileFormat['compression'],
  onBytes: OnBytes = () => undefined,
): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: CHUNK });
  let read = 0;
  file.on('data', chunk => onBytes((read += chunk.length)));
  const content = compression === 'gzip' ? file.pipe(createGunzip({ chunkSize: CHUNK })) : file;
  file.on('error', error => content.destroy(error));
  try {
    for await (const chunk of content) yield chunk as Buffer;
  } catch (error) {
    throw sourceError(basename(path), error);
  } finally {
    file.destroy();
    content.destroy();
  }
}

function sourceError(name: string, error: unknown): AppError {
  const sentence = sentenceOf(error);
  if (sentence.includes('unexpected end of file'))
    return new AppError(
      'import.gzip_truncated',
      `${name} ends in the middle of its gzip stream; it was cut while it was copied or written: fetch it again`,
      { cause: error },
    );
  if (/incorrect|invalid/.test(sentence))
    return new AppError(
      'import.gzip_damaged',
      `${name} is a damaged gzip file (${sentence}): fetch it again`,
      {
        cause: error,
      },
    );
  return unreadable(name, error);
}

function unreadable(name: string, error: unknown): AppError {
  return new AppError('import.file_unreadable', `${name} cannot be read: ${sentenceOf(error)}`, {
    cause: error,
  });
}
