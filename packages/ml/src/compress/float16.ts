const VALUE = new Float32Array(1);
const BITS = new Uint32Array(VALUE.buffer);

/** The nearest number of 16 bits (IEEE 754 binary16), ties to even; beyond 65504 the largest, so that it stays finite. */
export function toHalf(value: number): number {
  VALUE[0] = Math.max(-65_504, Math.min(65_504, value));
  const bits = BITS[0];
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  const digits = (bits & 0x7fffff) | 0x800000;
  // below 2^-14 numbers have fewer digits, down to none
  const dropped = exponent > 0 ? 13 : Math.min(25, 14 - exponent);
  const kept = rounded(digits, dropped);
  // the leading digit is not written where there is an exponent; rounding up may carry into it, which is right
  return sign | (exponent > 0 ? kept + ((exponent - 1) << 10) : kept);
}

/** digits / 2^dropped, to the nearest whole number, ties to even. */
function rounded(digits: number, dropped: number): number {
  const kept = digits >>> dropped;
  const rest = digits & ((1 << dropped) - 1);
  const half = 1 << (dropped - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}

export function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const digits = half & 0x3ff;
  return exponent === 0 ? sign * digits * 2 ** -24 : sign * (digits + 1024) * 2 ** (exponent - 25);
}
