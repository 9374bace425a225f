import type { DuplicateRun, DuplicateState } from '@bellwether/contracts';
import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely';

export interface DuplicateRunsTable {
  id: string;
  at: Date;
  report: JSONColumnType<DuplicateRun>;
}

export interface DuplicatePairsTable {
  left_id: string;
  right_id: string;
  run_id: string;
  probability: number;
  prior_bits: number;
  levels: number[];
  bits: number[];
  group_number: number;
  group_size: number;
  bridge: boolean;
  state: DuplicateState;
  decided_by: Generated<string>;
  decided_at: Date | null;
}

export interface ProfilingChoicesTable {
  id: GeneratedAlways<number>;
  customer_id: string;
  objects: boolean;
  source: string;
  at: Date;
}

/** Whom an erasure looks for. */
export interface ErasureSubject {
  ids: string[];
  emails: string[];
  phones: string[];
}

export interface ErasuresTable {
  id: string;
  subject: JSONColumnType<ErasureSubject> | null;
  subject_hash: string;
  reason: string;
  requested_by: string;
  requested_at: Date;
  finished_at: Date | null;
  removed: JSONColumnType<Record<string, number>, string | undefined>;
}

export interface HeldBackTable {
  hash: string;
  erasure_id: string;
  lifted_at: Date | null;
  lifted_by: string | null;
}
