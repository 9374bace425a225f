import type {
  FileFormat,
  ImportKind,
  ImportState,
  JobState,
  Mapping,
  ModelCard,
  VersionState,
  Words,
} from '@bellwether/contracts';
import type { Generated, JSONColumnType } from 'kysely';

export interface JobsTable {
  id: string;
  name: string;
  subject: string;
  args: JSONColumnType<Record<string, unknown>>;
  state: JobState;
  done: Generated<number>;
  total: number | null;
  unit: Generated<string>;
  step: Generated<string>;
  error: string | null;
  result: JSONColumnType<Record<string, unknown>> | null;
  cancel_requested: Generated<boolean>;
  claimed_by: string | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

export interface ImportsTable {
  id: string;
  file_name: string;
  file_path: string;
  file_hash: string;
  kind: ImportKind;
  mapping: JSONColumnType<Mapping>;
  format: JSONColumnType<FileFormat>;
  /** The file's columns in their order. */
  columns: JSONColumnType<string[], string | undefined>;
  state: ImportState;
  rows_read: Generated<number>;
  rows_loaded: Generated<number>;
  rows_refused: Generated<number>;
  rows_known: Generated<number>;
  bytes_done: Generated<number>;
  bytes_total: Generated<number>;
  blocks_done: Generated<number>;
  error: string | null;
  created_at: Date;
  finished_at: Date | null;
}

export interface IdentityMergesTable {
  id: string;
  winner: string;
  loser: string;
  made_by: string;
  at: Date;
  undone_at: Date | null;
}

export interface ModelVersionsTable {
  scenario: string;
  version: number;
  state: VersionState;
  why: JSONColumnType<Words>;
  card: JSONColumnType<ModelCard>;
  model: Buffer;
  created_at: Date;
  promoted_at: Date | null;
}
