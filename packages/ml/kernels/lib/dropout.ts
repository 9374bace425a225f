/**
 * Which outputs are left out: a hash of the place and the step (Wellons' lowbias32), so that it does not matter which
 * thread asks, or how often.
 *
 * @param key of the step and the layer
 * @param first place of the first value; the rest follow
 * @param mask where `scale` goes for what stays and 0 for what is left out
 * @param threshold what hashes must reach to stay, of 2^32
 */
export function dropout(key: u32, first: i32, mask: usize, count: i32, threshold: u32, scale: f32): void {
  const factor = f32x4.splat(scale);
  const limit = i32x4.splat(threshold);
  const four = i32x4.splat(4);
  let place = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3));
  const keys = i32x4.splat(key);
  for (let end = mask + ((<usize>count) << 2); mask < end; mask += 16) {
    const stays = v128.not(v128.lt<u32>(hash4(i32x4.add(place, keys)), limit));
    v128.store(mask, v128.and(factor, stays));
    place = i32x4.add(place, four);
  }
}

// @inline
function hash4(value: v128): v128 {
  let x = v128.xor(value, v128.shr<u32>(value, 16));
  x = i32x4.mul(x, i32x4.splat(0x7feb352d));
  x = v128.xor(x, v128.shr<u32>(x, 15));
  x = i32x4.mul(x, i32x4.splat(0x846ca68b));
  return v128.xor(x, v128.shr<u32>(x, 16));
}

/** c = a b for `count` values; c may be either of them. */
export function times(a: usize, b: usize, c: usize, count: i32): void {
  for (let end = a + ((<usize>count) << 2); a < end; a += 16, b += 16, c += 16)
    v128.store(c, f32x4.mul(v128.load(a), v128.load(b)));
}
