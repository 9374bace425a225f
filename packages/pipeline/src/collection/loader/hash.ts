/*
 * Two hashes of 32 bits that ClickHouse has as well (`murmurHash3_32`, `murmurHash2_32`), over bytes `from` to `to`:
 * the memory of ids is rebuilt from numbers that the warehouse computes, and asks it with numbers too.
 * After Austin Appleby's MurmurHash3_x86_32 and MurmurHash2, which are in the public domain; seed 0.
 */

const word = (bytes: Buffer, at: number): number =>
  (bytes[at] ?? 0) |
  ((bytes[at + 1] ?? 0) << 8) |
  ((bytes[at + 2] ?? 0) << 16) |
  ((bytes[at + 3] ?? 0) << 24);

/** The last one to three bytes as one word. */
function tail(bytes: Buffer, from: number, to: number): number {
  let value = 0;
  for (let at = to - 1; at >= from; at--) value = (value << 8) | (bytes[at] ?? 0);
  return value;
}

const scramble3 = (k: number): number => {
  const mixed = Math.imul(k, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
};

/** `murmurHash3_32` of ClickHouse. */
export function murmur3(bytes: Buffer, from = 0, to = bytes.length): number {
  const whole = to - ((to - from) & 3);
  let h = 0;
  for (let at = from; at < whole; at += 4) {
    h ^= scramble3(word(bytes, at));
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  }
  if (whole < to) h ^= scramble3(tail(bytes, whole, to));
  h ^= to - from;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const M2 = 0x5bd1e995;

/** `murmurHash2_32` of ClickHouse. */
export function murmur2(bytes: Buffer, from = 0, to = bytes.length): number {
  const whole = to - ((to - from) & 3);
  let h = to - from;
  for (let at = from; at < whole; at += 4) {
    const k = Math.imul(word(bytes, at), M2);
    h = Math.imul(h, M2) ^ Math.imul(k ^ (k >>> 24), M2);
  }
  if (whole < to) h = Math.imul(h ^ tail(bytes, whole, to), M2);
  h = Math.imul(h ^ (h >>> 13), M2);
  return (h ^ (h >>> 15)) >>> 0;
}
