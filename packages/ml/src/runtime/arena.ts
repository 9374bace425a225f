import { MlError } from '../errors.ts';
import { grown } from './memories.ts';

/** Arrays that may lie in linear memory. */
export type Numbers = Float32Array | Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

/** Static data of the modules lies below. */
const BASE = 1 << 16;
const ALIGNMENT = 64;
/** Kernels may read so far past the end of an array. */
const MARGIN = 64;

/** Hands out linear memory from the bottom up; setting `top` back frees what came after. */
export class Arena {
  top = BASE;
  readonly #memory: WebAssembly.Memory;
  /** A shared memory has another buffer object each time that it grows; all show the same bytes. */
  readonly #buffers = new WeakSet<ArrayBufferLike>();

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  f32(length: number): Float32Array {
    return new Float32Array(this.#buffer(length * 4), this.#take(length * 4), length).fill(0);
  }
  f64(length: number): Float64Array {
    return new Float64Array(this.#buffer(length * 8), this.#take(length * 8), length).fill(0);
  }
  i32(length: number): Int32Array {
    return new Int32Array(this.#buffer(length * 4), this.#take(length * 4), length).fill(0);
  }
  u32(length: number): Uint32Array {
    return new Uint32Array(this.#buffer(length * 4), this.#take(length * 4), length).fill(0);
  }
  u8(length: number): Uint8Array {
    return new Uint8Array(this.#buffer(length), this.#take(length), length).fill(0);
  }

  copied<A extends Numbers>(array: A): A {
    // the same class of array over another buffer: TypeScript has no word for a constructor of one's own kind
    const make = array.constructor as new (buffer: ArrayBufferLike, at: number, length: number) => A;
    const copy = new make(this.#buffer(array.byteLength), this.#take(array.byteLength), array.length);
    copy.set(array);
    return copy;
  }

  holds(array: Numbers): boolean {
    return this.#buffers.has(array.buffer);
  }

  /** The buffer with room for so many bytes more. */
  #buffer(bytes: number): ArrayBufferLike {
    const end = this.top + bytes + MARGIN + ALIGNMENT;
    if (!grown(this.#memory, end))
      throw new MlError(
        'ml.too_large',
        `this needs ${Math.ceil(end / 1_048_576)} MiB in one piece; kernels can address 4096`,
      );
    const { buffer } = this.#memory;
    this.#buffers.add(buffer);
    return buffer;
  }

  #take(bytes: number): number {
    const at = this.top;
    this.top = Math.ceil((at + bytes + MARGIN) / ALIGNMENT) * ALIGNMENT;
    return at;
  }
}
