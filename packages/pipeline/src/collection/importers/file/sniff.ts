import { AppError, type FileFormat } from '@bellwether/contracts';
import { isAscii } from 'node:buffer';
import { delimiterOf } from './delimiter.ts';
import { asUtf8, encodingOf, type Encoding } from './encoding.ts';
import { binaryFile, refuseForeign } from './foreign.ts';
import { isAccessLog } from './access-log.ts';
import { contentOf, headOf, sizeOf } from './source.ts';

const SAMPLE = 256 * 1024;
/** How far to look for the first byte that is not ASCII, and so tells the encoding. */
const SEARCH = 32 * 1024 * 1024;

export interface Sniffed {
  format: FileFormat;
  bytes: number;
  /** The first 256 KB as text, whole lines; empty for Parquet. */
  sample: string;
}

/**
 * What a file is, by its bytes alone: compression, encoding, container, delimiter.
 *
 * @throws AppError `import.file_missing`, `import.not_a_file`, `import.file_empty`, `import.wrong_format`,
 *   `import.binary`, `import.gzip_truncated`, `import.no_columns`: each says what was expected and what was found
 */
export async function sniff(path: string, name: string): Promise<Sniffed> {
  const bytes = await sizeOf(path, name);
  const magic = await headOf(path, 4096);
  const compression = magic[0] === 0x1f && magic[1] === 0x8b ? 'gzip' : 'none';
  const { head, decisive } = await look(path, compression);
  if (head.length === 0)
    throw new AppError(
      'import.file_empty',
      `${name} is empty once unpacked; a header line and rows are expected`,
    );
  refuseForeign(head, name);
  if (head.toString('latin1', 0, 4) === 'PAR1') return parquet(name, compression, bytes);
  const encoding = readable(encodingOf(decisive), name);
  const sample = await sampleText(head, encoding);
  return { format: { ...containerOf(sample, name), compression, encoding }, bytes, sample };
}

function parquet(name: string, compression: FileFormat['compression'], bytes: number): Sniffed {
  if (compression === 'gzip')
    throw new AppError(
      'import.wrong_format',
      `${name} is a Parquet file inside gzip; unpack it first: Parquet compresses by itself`,
    );
  return { format: { container: 'parquet', compression, encoding: 'binary' }, bytes, sample: '' };
}

/** The head of the content, and the first part of it that is more than ASCII (else the head). */
async function look(
  path: string,
  compression: FileFormat['compression'],
): Promise<{ head: Buffer; decisive: Buffer }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of contentOf(path, compression)) {
    if (length < SAMPLE) chunks.push(chunk);
    else if (!isAscii(chunk)) return { head: headFrom(chunks), decisive: chunk };
    length += chunk.length;
    const enough = length >= SAMPLE && (length >= SEARCH || !isAscii(headFrom(chunks)));
    if (enough) break;
  }
  const head = headFrom(chunks);
  return { head, decisive: head };
}

function headFrom(chunks: Buffer[]): Buffer {
  return Buffer.concat(chunks).subarray(0, SAMPLE);
}

function readable(encoding: Encoding | 'utf-16be', name: string): Encoding {
  if (encoding === 'binary') throw binaryFile(name);
  if (encoding === 'utf-16be')
    throw new AppError(
      'import.wrong_encoding',
      `${name} is UTF-16 with the high byte first; save it as UTF-8`,
    );
  return encoding;
}

async function sampleText(head: Buffer, encoding: Encoding): Promise<string> {
  const parts: Buffer[] = [];
  const once = async function* (): AsyncGenerator<Buffer> {
    yield head;
  };
  for await (const part of asUtf8(once(), encoding)) parts.push(part);
  const text = Buffer.concat(parts).toString('utf8');
  const whole = head.length < SAMPLE ? text.length : text.lastIndexOf('\n') + 1;
  return text.slice(0, whole === 0 ? text.length : whole);
}

function containerOf(sample: string, name: string): Pick<FileFormat, 'container' | 'delimiter'> {
  if (/^\s*(?:\[\s*)?\{/.test(sample)) return jsonContainer(sample, name);
  if (isAccessLog(sample)) return { container: 'log' };
  return { container: 'csv', delimiter: delimiterOf(sample, name) };
}

function jsonContainer(sample: string, name: string): Pick<FileFormat, 'container'> {
  const first = sample.slice(0, sample.indexOf('\n') >>> 0).trim();
  const pretty = /^\s*\{/.test(sample) && !first.endsWith('}');
  if (pretty && first.length < 64 * 1024)
    throw new AppError(
      'import.one_object',
      `${name} is one JSON object over many lines; one object a line, or an array of objects, is expected`,
    );
  return { container: 'jsonl' };
}
