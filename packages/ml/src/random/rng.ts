/**
 * Seeded random numbers: xoshiro128** 1.1 (Blackman and Vigna 2018), its state filled by splitmix32. Period 2^128 - 1;
 * for drawing and shuffling, not for secrets. State to own, hence a class.
 *
 * @example
 * const rng = new Rng(7);
 * rng.uniform(); // in [0, 1)
 */
export class Rng {
  readonly #state: Uint32Array;

  /** @param seed any number; its fraction counts for nothing */
  constructor(seed: number) {
    this.#state = Rng.seedWords(seed);
  }

  /** The four words of state that a seed gives. */
  static seedWords(seed: number): Uint32Array {
    let mix = seed >>> 0;
    return Uint32Array.from({ length: 4 }, () => splitmix((mix = (mix + 0x9e3779b9) >>> 0)));
  }

  /** 32 random bits as a whole number from 0 to 2^32 - 1. */
  bits(): number {
    const s = this.#state;
    const [a = 0, b = 0, c = 0, d = 0] = s;
    const result = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
    const [c1, d1] = [c ^ a, d ^ b];
    s.set([a ^ d1, b ^ c1, c1 ^ (b << 9), rotated(d1, 11)]);
    return result;
  }

  /** In [0, 1), on a grid of 2^-53. */
  uniform(): number {
    return ((this.bits() >>> 5) * 67_108_864 + (this.bits() >>> 6)) / 9_007_199_254_740_992;
  }

  /** A whole number from 0 to `below` - 1, each as likely (for `below` up to 2^32, to within 2^-21). */
  integer(below: number): number {
    return Math.floor(this.uniform() * below);
  }

  /** From the standard normal distribution (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** The numbers 0 to n - 1 in random order (Fisher and Yates). */
  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }
}

function rotated(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}

function splitmix(x: number): number {
  const a = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return (b ^ (b >>> 16)) >>> 0;
}
