export { checkFile, predictedFile, predictRow, type GivenRow } from './predict.ts';
export type { TableFile } from './read.ts';
export {
  chooseForTable,
  createTable,
  listTables,
  removeTable,
  tablePage,
  tableRow,
  type NewTable,
} from './store.ts';
export { trainTable } from './train.ts';
export { keptTable, scenarioOfTable } from './kept.ts';
