/** Below this many, the sort of the language is as fast. */
const FEW = 2048;
const DIGIT_BITS = 16;
const DIGITS = 1 << DIGIT_BITS;

/**
 * Positions of the values, the lowest first; equal values stay in their order, NaN comes last. By digits of 16 bits from
 * the lowest up (radix sort), so that a million take a tenth of a second.
 *
 * @example
 * ascending([3, 1, 2]) // 1, 2, 0
 */
export function ascending(values: ArrayLike<number>): Uint32Array {
  return ordered(values, 1);
}

/** Positions of the values, the highest first; equal values stay in their order. */
export function descending(values: ArrayLike<number>): Uint32Array {
  return ordered(values, -1);
}

function ordered(values: ArrayLike<number>, sign: 1 | -1): Uint32Array {
  const order = new Uint32Array(values.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  if (values.length < FEW) return order.sort((a, b) => compared(sign * values[a], sign * values[b]) || a - b);
  return sortedByDigits(keysOf(values, sign), order);
}

/** For each value how many distinct values lie below it. */
export function ascendingRanks(values: ArrayLike<number>): { ranks: Uint32Array; distinct: number } {
  const order = ascending(values);
  const ranks = new Uint32Array(values.length);
  let distinct = 0;
  order.forEach((row, i) => {
    if (i === 0 || values[row] !== values[order[i - 1]]) distinct++;
    ranks[row] = distinct - 1;
  });
  return { ranks, distinct };
}

function compared(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

/** The bits of each number times `sign`, turned so that they rise with it: 64 bits as low and high words. */
function keysOf(values: ArrayLike<number>, sign: 1 | -1): Uint32Array {
  // plain loops: `from` with a function is ten times slower
  const numbers = new Float64Array(values.length);
  // + 0 makes one of the two zeros; NaN gets the bits of a positive one
  for (let i = 0; i < numbers.length; i++) numbers[i] = Number.isNaN(values[i]) ? NaN : sign * values[i] + 0;
  const keys = new Uint32Array(numbers.buffer);
  const low = IS_LITTLE_ENDIAN ? 0 : 1;
  for (let at = 0; at < keys.length; at += 2) {
    const [lowWord, highWord] = [keys[at + low], keys[at + 1 - low]];
    const negative = highWord >>> 31 === 1;
    keys[at] = negative ? ~lowWord : lowWord;
    keys[at + 1] = negative ? ~highWord : highWord | 0x80000000;
  }
  return keys;
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function sortedByDigits(keys: Uint32Array, order: Uint32Array): Uint32Array {
  let from: Uint32Array = order;
  let to: Uint32Array = new Uint32Array(order.length);
  for (let digit = 0; digit < 64 / DIGIT_BITS; digit++) {
    const [word, shift] = [digit >> 1, (digit & 1) * DIGIT_BITS];
    const starts = startsOf(keys, word, shift);
    if (starts === undefined) continue;
    for (let i = 0; i < from.length; i++) {
      const key = (keys[2 * from[i] + word] >>> shift) & (DIGITS - 1);
      to[starts[key]++] = from[i];
    }
    [from, to] = [to, from];
  }
  return from;
}

/** Where the rows of each digit begin; nothing where all have the same one, so that nothing would move. */
function startsOf(keys: Uint32Array, word: number, shift: number): Uint32Array | undefined {
  const counts = new Uint32Array(DIGITS);
  for (let at = word; at < keys.length; at += 2) counts[(keys[at] >>> shift) & (DIGITS - 1)]++;
  if (counts[(keys[word] >>> shift) & (DIGITS - 1)] === keys.length / 2) return undefined;
  let sum = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const own = counts[digit];
    counts[digit] = sum;
    sum += own;
  }
  return counts;
}
