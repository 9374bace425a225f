import type { Rng } from '../random/rng.ts';
import { eigenOf } from './eigen.ts';

/** A'A V of some matrix A: takes and returns width x places by row; places is a multiple of 4. */
export type TimesTwice = (basis: Float32Array) => Float64Array;

export interface SubspaceOptions {
  /** Columns of A. */
  width: number;
  components: number;
  iterations: number;
  rng: Rng;
  /** Called between passes over A. */
  pause: () => Promise<void>;
}

export interface Singular {
  /** Squares of the largest singular values. */
  squares: Float64Array;
  /** Components x width, by row: the right singular vectors. */
  vectors: Float64Array;
}

/** Vectors beyond those asked for, which make these exact sooner. */
const SPARE = 10;

/**
 * The largest singular values of A and their right vectors by randomised subspace iteration (Halko, Martinsson and Tropp
 * 2011, algorithms 4.4 and 5.1, on A'A: nothing as long as A has rows is kept).
 */
export async function singularOf(timesTwice: TimesTwice, options: SubspaceOptions): Promise<Singular> {
  const { width, components, iterations, rng, pause } = options;
  const count = Math.min(width, components + SPARE);
  let basis = orthonormal(
    Array.from({ length: count }, () => Float64Array.from({ length: width }, () => rng.normal())),
  );
  for (let round = 0; round < iterations; round++) {
    basis = orthonormal(applied(timesTwice, basis, width));
    await pause();
  }
  const images = applied(timesTwice, basis, width);
  const inner = new Float64Array(count * count);
  for (let i = 0; i < count; i++)
    for (let j = 0; j <= i; j++)
      inner[i * count + j] = inner[j * count + i] = (dot(basis[i], images[j]) + dot(basis[j], images[i])) / 2;
  const { values, vectors } = eigenOf(inner, count);
  const found = new Float64Array(components * width);
  for (let c = 0; c < components; c++)
    found.set(combined(basis, vectors.subarray(c * count, (c + 1) * count)), c * width);
  return { squares: values.slice(0, components).map(value => Math.max(0, value)), vectors: found };
}

function applied(timesTwice: TimesTwice, basis: readonly Float64Array[], width: number): Float64Array[] {
  const places = placesFor(basis.length);
  const flat = new Float32Array(width * places);
  basis.forEach((vector, c) => vector.forEach((value, j) => (flat[j * places + c] = value)));
  const images = timesTwice(flat);
  return basis.map((_, c) => Float64Array.from({ length: width }, (_x, j) => images[j * places + c]));
}

/** Places for so many vectors in a row of the basis. */
export function placesFor(vectors: number): number {
  return (vectors + 3) & ~3;
}

/** Gram and Schmidt, each vector twice; one that depends on those before becomes zero. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const vector of vectors) {
    const own = vector.slice();
    const before = Math.sqrt(dot(own, own));
    for (const other of [...done, ...done]) addTo(own, other, -dot(own, other));
    const length = Math.sqrt(dot(own, own));
    done.push(length > 1e-12 * before ? own.map(value => value / length) : own.fill(0));
  }
  return done;
}

/** The sum of vectors times factors, with its largest component positive. */
function combined(vectors: readonly Float64Array[], factors: Float64Array): Float64Array {
  const sum = new Float64Array(vectors[0].length);
  vectors.forEach((vector, i) => addTo(sum, vector, factors[i]));
  const largest = sum.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0);
  return largest < 0 ? sum.map(x => -x) : sum;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function addTo(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] += factor * b[i];
}
