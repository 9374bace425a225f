import { exp4, sigmoid4 } from './lib/simd';
import { scratch } from './lib/thread';
export { setScratch } from './lib/thread';
export { toRows } from './lib/columns';

/** What the tests of the runtime call: e^x and the logistic function of `n` values, four at a time. */
export function exponentials(block: i32, lo: i32, hi: i32, x: usize, out: usize, logistic: usize): void {
  for (let i = lo; i < hi; i += 4) {
    const at = (<usize>i) << 2;
    const value = v128.load(x + at);
    v128.store(out + at, exp4(value));
    v128.store(logistic + at, sigmoid4(value));
  }
}

/** Sum of each block, by way of scratch, so that threads that shared it would be found out. */
export function blockSums(block: i32, lo: i32, hi: i32, x: usize, sums: usize): void {
  const own = scratch();
  store<f64>(own, 0);
  for (let i = lo; i < hi; i++) store<f64>(own, load<f64>(own) + <f64>load<f32>(x + ((<usize>i) << 2)));
  store<f64>(sums + ((<usize>block) << 3), load<f64>(own));
}

/** A kernel that traps, as one with a fault would. */
export function faulty(block: i32, lo: i32, hi: i32): void {
  unreachable();
}
