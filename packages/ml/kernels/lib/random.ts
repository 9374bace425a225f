// @inline
function rotated(x: u32, by: u32): u32 {
  return (x << by) | (x >>> (32 - by));
}

/** 32 random bits, as `Rng.bits` of src/random/rng.ts draws them: xoshiro128** over the four words at `state`. */
export function randomBits(state: usize): u32 {
  const a = load<u32>(state);
  const b = load<u32>(state, 4);
  const c = load<u32>(state, 8) ^ a;
  const d = load<u32>(state, 12) ^ b;
  store<u32>(state, a ^ d);
  store<u32>(state, b ^ c, 4);
  store<u32>(state, c ^ (b << 9), 8);
  store<u32>(state, rotated(d, 11), 12);
  return rotated(b * 5, 7) * 9;
}

/** A whole number from 0 to `below` - 1. */
export function randomBelow(state: usize, below: u32): u32 {
  return <u32>((<u64>randomBits(state) * <u64>below) >> 32);
}

/** In [0, 1), on a grid of 2^-32. */
export function randomUniform(state: usize): f64 {
  return <f64>randomBits(state) / 4294967296.0;
}
