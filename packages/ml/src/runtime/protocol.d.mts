export const TICKET: number;
export const DONE: number;
export const SLEEPERS: number;
export const KERNEL: number;
export const BLOCKS: number;
export const GRAIN: number;
export const ITEMS: number;
export const FAULTS: number;
export const CLOSED: number;
export const SCRATCH: number;
export const SCRATCH_STEP: number;
export const FIRST_BLOCK: number;
export const CONTROL_WORDS: number;
export const MOST_ARGUMENTS: number;
export const MOST_BLOCKS: number;

export type Kernel = (block: number, lo: number, hi: number, ...values: number[]) => unknown;

export function kernelsOf(instance: WebAssembly.Instance): Kernel[];

export function work(
  thread: number,
  kernels: readonly Kernel[],
  setScratch: (at: number) => void,
  control: Int32Array,
  values: Float64Array,
): number;
