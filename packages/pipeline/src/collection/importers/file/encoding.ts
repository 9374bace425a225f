import type { FileFormat } from '@bellwether/contracts';
import iconv from 'iconv-lite';
import { isAscii, isUtf8 } from 'node:buffer';

export type Encoding = FileFormat['encoding'];

const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16LE_BOM = Buffer.from([0xff, 0xfe]);
const UTF16BE_BOM = Buffer.from([0xfe, 0xff]);
const REPLACEMENT = Buffer.from('\uFFFD');

/** The names that iconv-lite has for encodings that are not UTF-8. What calls itself Latin-1 is Windows-1252. */
const CODECS: Partial<Record<Encoding, string>> = {
  gb18030: 'gb18030',
  latin1: 'win1252',
  'utf-16le': 'utf-16le',
};

/** The encoding of a text by its first bytes; `utf-16be` and `binary` are not read. */
export function encodingOf(bytes: Buffer): Encoding | 'utf-16be' {
  if (startsWith(bytes, UTF8_BOM)) return 'utf-8-bom';
  if (startsWith(bytes, UTF16LE_BOM)) return 'utf-16le';
  if (startsWith(bytes, UTF16BE_BOM)) return 'utf-16be';
  if (bytes.includes(0)) return looksLikeUtf16(bytes) ? 'utf-16le' : 'binary';
  if (isAscii(bytes) || isUtf8(withoutTornEnd(bytes))) return 'utf-8';
  if (controlShare(bytes) > 0.02) return 'binary';
  return looksChinese(bytes) ? 'gb18030' : 'latin1';
}

function startsWith(bytes: Buffer, mark: Buffer): boolean {
  return bytes.subarray(0, mark.length).equals(mark);
}

/** A sample may end inside a character of up to four bytes. */
function withoutTornEnd(bytes: Buffer): Buffer {
  const lead = bytes.subarray(-3).findLastIndex(byte => byte >= 0xc0);
  return lead < 0 ? bytes : bytes.subarray(0, Math.max(0, bytes.length - 3) + lead);
}

/** Text of Latin letters in UTF-16 has a zero in most odd places and in no even one. */
function looksLikeUtf16(bytes: Buffer): boolean {
  let odd = 0;
  let even = 0;
  for (const [place, byte] of bytes.subarray(0, 4096).entries()) {
    if (byte !== 0) continue;
    if (place % 2 === 1) odd++;
    else even++;
  }
  return odd > 0.3 * Math.min(2048, bytes.length / 2) && even < 0.05 * odd;
}

function controlShare(bytes: Buffer): number {
  const controls = bytes.filter(byte => byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 27);
  return controls.length / Math.max(1, bytes.length);
}

/**
 * GB18030 against Latin-1: both take almost any bytes. In Chinese text the high bytes come in pairs, most of them in
 * the rows of GB 2312 that hold punctuation (A1-A3) and the 3,755 commonest characters (B0-D7); in Latin text an
 * accented letter stands alone between ASCII letters.
 */
function looksChinese(bytes: Buffer): boolean {
  let common = 0;
  let other = 0;
  for (let at = 0; at + 1 < bytes.length; at++) {
    const lead = bytes[at];
    if (lead < 0x80) continue;
    const trail = bytes[at + 1];
    const row = (lead >= 0xb0 && lead <= 0xd7) || (lead >= 0xa1 && lead <= 0xa3);
    if (row && trail >= 0xa1 && trail <= 0xfe) common++;
    else other++;
    if (trail >= 0x40 && lead >= 0x81) at++;
  }
  return common > 2 * other;
}

/** Text in any of the encodings as UTF-8 without a byte-order mark, chunk by chunk. */
export async function* asUtf8(chunks: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  const codec = CODECS[encoding];
  yield* codec === undefined ? withoutMark(chunks) : transcoded(chunks, codec);
}

async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let first = true;
  for await (const chunk of chunks) {
    yield first && startsWith(chunk, UTF8_BOM) ? chunk.subarray(UTF8_BOM.length) : chunk;
    first = false;
  }
}

async function* transcoded(chunks: AsyncIterable<Buffer>, codec: string): AsyncGenerator<Buffer> {
  // strips the mark of UTF-16 by itself
  const decoder = iconv.getDecoder(codec);
  for await (const chunk of chunks) yield Buffer.from(decoder.write(chunk));
  yield Buffer.from(decoder.end() ?? '');
}

/** Whether a text that went through `asUtf8` holds bytes that were no text in its encoding. */
export function damagedIn(encoding: Encoding): (bytes: Buffer) => boolean {
  return CODECS[encoding] === undefined ? bytes => !isUtf8(bytes) : bytes => bytes.includes(REPLACEMENT);
}
