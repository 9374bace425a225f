import type { Piece } from './native.ts';

/** Bytes before a message's metadata: the mark FFFFFFFF and the metadata's length (int32, little-endian, padded to 8). */
const PREFIX = 8;
/** The end of a stream: a mark and a length of 0. */
const END = Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

/**
 * Joins Arrow streams of one schema into one stream: the schema of the first, the batches of all, one end. Each of
 * ClickHouse's pieces is a stream of its own, and a reader stops at the first end. A stream starts with its schema, a
 * message without a body (https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format).
 */
export async function* joinArrow(pieces: AsyncIterable<Piece>): AsyncGenerator<Piece> {
  let first = true;
  for await (const piece of pieces) {
    const open = piece.bytes.subarray(-END.length).equals(END)
      ? piece.bytes.subarray(0, -END.length)
      : piece.bytes;
    yield { ...piece, bytes: first ? open : open.subarray(PREFIX + open.readInt32LE(4)) };
    first = false;
  }
  if (!first) yield { bytes: END, numRows: 0, done: false };
}
