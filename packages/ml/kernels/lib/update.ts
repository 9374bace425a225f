import { multiplyAdd } from './simd';

/**
 * One step of Adam (Kingma and Ba 2015, with the bias corrections folded into `rate`) or AdamW (Loshchilov and Hutter
 * 2019) for the numbers `lo` to `hi`, which are multiples of four.
 *
 * @param gradients of each slice of the batch, `size` numbers from one to the next; they are summed in their order
 * @param l1 strength of the penalty l1 |w|
 * @param l2 strength of the penalty l2/2 w^2
 * @param decay share of a weight that is taken away beside the step
 * @param keepZeros 1 where a weight of exactly 0 must stay it
 */
export function adam(
  block: i32,
  lo: i32,
  hi: i32,
  parameters: usize,
  gradients: usize,
  slices: i32,
  size: i32,
  first: usize,
  second: usize,
  rate: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  l1: f32,
  l2: f32,
  decay: f32,
  keepZeros: i32,
): void {
  const remembered1 = f32x4.splat(beta1);
  const new1 = f32x4.splat(1 - beta1);
  const remembered2 = f32x4.splat(beta2);
  const new2 = f32x4.splat(1 - beta2);
  const step = f32x4.splat(rate);
  const least = f32x4.splat(epsilon);
  const left = f32x4.splat(1 - decay);
  const end = (<usize>hi) << 2;
  for (let at = (<usize>lo) << 2; at < end; at += 16) {
    const w = v128.load(parameters + at);
    const g = penalised(w, summed(gradients + at, slices, size), l1, l2);
    const m = multiplyAdd(remembered1, v128.load(first + at), f32x4.mul(new1, g));
    const v = multiplyAdd(remembered2, v128.load(second + at), f32x4.mul(f32x4.mul(new2, g), g));
    v128.store(first + at, m);
    v128.store(second + at, v);
    const change = f32x4.div(f32x4.mul(step, m), f32x4.add(f32x4.sqrt(v), least));
    v128.store(parameters + at, kept(w, f32x4.sub(f32x4.mul(w, left), change), keepZeros));
  }
}

/**
 * One step of gradient descent with momentum (Polyak 1964) or Nesterov's (Sutskever et al. 2013); arguments as those of
 * `adam`.
 */
export function descend(
  block: i32,
  lo: i32,
  hi: i32,
  parameters: usize,
  gradients: usize,
  slices: i32,
  size: i32,
  velocity: usize,
  rate: f32,
  momentum: f32,
  nesterov: i32,
  l1: f32,
  l2: f32,
  keepZeros: i32,
): void {
  const remembered = f32x4.splat(momentum);
  const step = f32x4.splat(rate);
  const end = (<usize>hi) << 2;
  for (let at = (<usize>lo) << 2; at < end; at += 16) {
    const w = v128.load(parameters + at);
    const downhill = f32x4.neg(f32x4.mul(step, penalised(w, summed(gradients + at, slices, size), l1, l2)));
    const v = multiplyAdd(remembered, v128.load(velocity + at), downhill);
    v128.store(velocity + at, v);
    const change = nesterov ? multiplyAdd(remembered, v, downhill) : v;
    v128.store(parameters + at, kept(w, f32x4.add(w, change), keepZeros));
  }
}

/** Moves statistics by `rate` towards what the batch had: its weighted sum in the gradients, times `share`. */
export function track(
  block: i32,
  lo: i32,
  hi: i32,
  parameters: usize,
  gradients: usize,
  slices: i32,
  size: i32,
  rate: f32,
  share: f32,
): void {
  const end = (<usize>hi) << 2;
  for (let at = (<usize>lo) << 2; at < end; at += 16) {
    const known = v128.load(parameters + at);
    const seen = f32x4.mul(summed(gradients + at, slices, size), f32x4.splat(share));
    v128.store(parameters + at, multiplyAdd(f32x4.sub(seen, known), f32x4.splat(rate), known));
  }
}

// @inline
function summed(gradients: usize, slices: i32, size: i32): v128 {
  let sum = v128.load(gradients);
  for (let slice = 1; slice < slices; slice++)
    sum = f32x4.add(sum, v128.load(gradients + ((<usize>slice * <usize>size) << 2)));
  return sum;
}

/** The gradient with those of the penalties; the slope of |w| at 0 is taken for 0. */
// @inline
function penalised(w: v128, gradient: v128, l1: f32, l2: f32): v128 {
  const zero = f32x4.splat(0);
  const sign = v128.or(v128.and(w, f32x4.splat(-0.0)), f32x4.splat(l1));
  const towards = v128.and(sign, f32x4.ne(w, zero));
  return f32x4.add(multiplyAdd(f32x4.splat(l2), w, gradient), towards);
}

// @inline
function kept(before: v128, after: v128, keepZeros: i32): v128 {
  return keepZeros ? v128.and(after, f32x4.ne(before, f32x4.splat(0))) : after;
}
