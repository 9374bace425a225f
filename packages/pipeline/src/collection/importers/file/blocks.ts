import { logFields, withoutAddresses, type Pseudonymise } from './access-log.ts';
import { BlockBuilder, type Block, type BlockLimits } from './block.ts';
import { DelimitedSplitter, type DelimitedOptions } from './delimited.ts';
import { asUtf8, damagedIn } from './encoding.ts';
import { fieldsOf, itemsOf, linesOf, type Piece } from './json.ts';
import { parquetRows } from './parquet.ts';
import type { FileShape } from './shape.ts';
import { contentOf, type OnBytes } from './source.ts';

export interface ReadOptions {
  limits?: BlockLimits;
  onBytes?: OnBytes;
  pseudonymise: Pseudonymise;
}

/**
 * A file as blocks of records. The same file gives the same blocks each time, whatever the chunks in which it is read:
 * that is what an import resumes by.
 */
export async function* blocksOf(path: string, shape: FileShape, options: ReadOptions): AsyncGenerator<Block> {
  if (shape.format.container === 'parquet') {
    yield* parquetBlocks(path, shape, options);
    return;
  }
  const chunks = contentOf(path, shape.format.compression, options.onBytes);
  yield* textBlocks(asUtf8(chunks, shape.format.encoding), shape, options);
}

function textBlocks(
  text: AsyncIterable<Buffer>,
  shape: FileShape,
  options: ReadOptions,
): AsyncGenerator<Block> {
  const block = new BlockBuilder(shape.columns.length, options.limits);
  if (shape.format.container === 'csv') return delimitedBlocks(text, block, shape);
  const pieces = shape.format.container === 'log' ? linesOf(text) : jsonPieces(text);
  return pieceBlocks(pieces, block, readerOf(block, shape, options));
}

async function* delimitedBlocks(
  text: AsyncIterable<Buffer>,
  block: BlockBuilder,
  shape: FileShape,
): AsyncGenerator<Block> {
  const splitter = new DelimitedSplitter(block, {
    ...delimitedBy(shape),
    skip: shape.format.header === true ? 1 : 0,
  });
  for await (const chunk of text) for (const _ of splitter.push(chunk, false)) yield block.take();
  for (const _ of splitter.push(Buffer.alloc(0), true)) yield block.take();
  if (block.rows > 0) yield block.take();
}

function delimitedBy({ format, columns }: FileShape): DelimitedOptions {
  return { delimiter: format.delimiter ?? ',', columns: columns.length, damaged: damagedIn(format.encoding) };
}

/** Puts a record that is at hand into the block. */
export type Reader = (piece: Piece) => void;

/** What reads single records of a file's format: lines and objects as they come, or lines that were refused. */
export function readerOf(block: BlockBuilder, shape: FileShape, options: ReadOptions): Reader {
  switch (shape.format.container) {
    case 'log':
      return logReader(block, options.pseudonymise);
    case 'jsonl':
    case 'parquet':
      return jsonReader(block, shape);
    case 'csv':
      return delimitedReader(block, shape);
  }
}

function delimitedReader(block: BlockBuilder, shape: FileShape): Reader {
  return ({ line, bytes }) => {
    const splitter = new DelimitedSplitter(block, { ...delimitedBy(shape), line });
    // a full block only stops the splitter; the caller takes blocks at its own time
    for (const _ of splitter.push(bytes, true));
  };
}
async function* pieceBlocks(
  pieces: AsyncIterable<Piece>,
  block: BlockBuilder,
  read: Reader,
): AsyncGenerator<Block> {
  for await (const piece of pieces) {
    read(piece);
    if (block.full()) yield block.take();
  }
  if (block.rows > 0) yield block.take();
}

async function* jsonPieces(text: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  const chunks = text[Symbol.asyncIterator]();
  const first = await chunks.next();
  const head = first.done ? Buffer.alloc(0) : first.value;
  const whole = (async function* () {
    yield head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  })();
  yield* head.toString('utf8', 0, 1024).trimStart().startsWith('[') ? itemsOf(whole) : linesOf(whole);
}

function jsonReader(block: BlockBuilder, { columns, format }: FileShape): Reader {
  const damaged = damagedIn(format.encoding);
  return ({ line, bytes }) => {
    if (damaged(bytes))
      return block.refuse(line, 'not_decodable', 'bytes that are no text', bytes.toString('latin1'));
    const text = bytes.toString('utf8');
    if (text.trim() === '') return;
    const fields = fieldsOf(text);
    if (fields === undefined) block.refuse(line, 'not_json', 'no JSON object', text);
    else
      block.add(
        line,
        columns.map(column => fields[column] ?? ''),
      );
  };
}

function logReader(block: BlockBuilder, pseudonymise: Pseudonymise): Reader {
  return ({ line, bytes }) => {
    const text = bytes.toString('utf8').trimEnd();
    if (text === '') return;
    const fields = logFields(text, pseudonymise);
    if (fields !== undefined) block.add(line, fields);
    else
      block.refuse(
        line,
        'wrong_number_of_columns',
        'no line of the combined log format',
        withoutAddresses(text, pseudonymise),
      );
  };
}

async function* parquetBlocks(path: string, shape: FileShape, options: ReadOptions): AsyncGenerator<Block> {
  const block = new BlockBuilder(shape.columns.length, options.limits);
  let line = 0;
  for await (const { row, share } of parquetRows(path, path)) {
    block.add(++line, row);
    if (!block.full()) continue;
    options.onBytes?.(Math.round(share * shape.bytes));
    yield block.take();
  }
  if (block.rows > 0) yield block.take();
}
