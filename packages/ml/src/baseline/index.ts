export { cells, type CellsParameters } from './cells.ts';
