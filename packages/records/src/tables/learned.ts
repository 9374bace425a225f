import type { TableChoices, TablePage } from '@bellwether/contracts';
import type { JSONColumnType } from 'kysely';

/** What was found in a file, as its page tells it. */
export type TableFindings = Omit<
  TablePage,
  'id' | 'file_name' | 'target' | 'champion' | 'auc' | 'created_at' | 'choices' | 'versions'
>;

/** One row is a file that a person learns from. */
export interface LearnedTablesTable {
  id: string;
  upload_id: string;
  file_name: string;
  file_path: string;
  /** SHA-256 of the file. */
  file_hash: string;
  page: JSONColumnType<TableFindings>;
  choices: JSONColumnType<TableChoices>;
  created_at: Date;
}
