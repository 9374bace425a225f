import type { Family } from '../family.ts';
import { cells, loadCells } from './cells.ts';

export const baselineFamily: Family = { makers: { cells }, models: { cells: loadCells } };
