import type { ReactNode } from 'react';
import type { Cell } from './csv.ts';

export interface Column<Row> {
  key: string;
  title: string;
  /** The plain value: what is sorted by and exported. */
  value: (row: Row) => Cell;
  render?: (row: Row) => ReactNode;
  /** Numbers stand at the right, one under the other. */
  numeric?: boolean;
  width?: number;
  sortable?: boolean;
}

export interface Sort {
  key: string;
  order: 'asc' | 'desc';
}

/** Numbers by size, all else as the language of the page orders it; what is missing comes first. */
export const compare = (a: Cell, b: Cell): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a ?? '').localeCompare(String(b ?? ''));
