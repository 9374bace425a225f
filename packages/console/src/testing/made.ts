import { DAY } from '@bellwether/contracts';

/** Made-up answers for the browser tests. They never leave src/testing. */
export const NOW = Date.now();
export const ago = (days: number): string => new Date(NOW - days * DAY).toISOString();
export const day = (days: number): string => ago(days).slice(0, 10);
export const estimate = (value: number, low: number, high: number, n = 4_338) => ({ value, low, high, n });
/** A number between 0 and 1 that is the same every time. */
export const noise = (index: number): number => Math.abs(Math.sin(index * 12.9898) * 43758.5453) % 1;
export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
