/**
 * MurmurHash3 (x86, 32 bits; Appleby 2011) of the bytes from `from` up to `to`. The same as scikit-learn's
 * murmurhash3_32, read as an unsigned number.
 *
 * @example
 * murmur3(new TextEncoder().encode('hello')); // 613153351
 */
export function murmur3(bytes: Uint8Array, seed = 0, from = 0, to = bytes.length): number {
  let hash = seed;
  let at = from;
  for (; at + 4 <= to; at += 4)
    hash = withWord(hash, bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24));
  if (at < to) {
    const last = bytes[at] | (at + 1 < to ? bytes[at + 1] << 8 : 0) | (at + 2 < to ? bytes[at + 2] << 16 : 0);
    hash ^= scrambled(last);
  }
  return finished(hash, to - from);
}

/** The same of whole 32-bit words, little-endian: how the hashes of several things become one of their combination. */
export function murmur3OfWords(words: ArrayLike<number>, seed = 0): number {
  let hash = seed;
  for (let i = 0; i < words.length; i++) hash = withWord(hash, words[i]);
  return finished(hash, words.length * 4);
}

function scrambled(word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}

function withWord(hash: number, word: number): number {
  const mixed = hash ^ scrambled(word);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finished(hash: number, bytes: number): number {
  let h = hash ^ bytes;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The place of a hash among `width`, as scikit-learn has it: |h| mod width, h with its sign. */
export function placeOf(hash: number, width: number): number {
  return Math.abs(hash | 0) % width;
}

/** -1 or 1: with signs, features that fall onto one place cancel as often as they add up (Weinberger and others 2009). */
export function signOf(hash: number): number {
  return (hash | 0) < 0 ? -1 : 1;
}
