import type {
  CalibrationPoint,
  Figure,
  RunCause,
  RunState,
  RunWhat,
  SchedulePiece,
  Schedule,
} from '@bellwether/contracts';
import type { JSONColumnType } from 'kysely';

export interface ScenarioRunsTable {
  id: string;
  scenario: string;
  what: RunWhat;
  cause: RunCause;
  state: RunState;
  started_at: Date;
  finished_at: Date | null;
  version: number | null;
  rows_read: JSONColumnType<Record<string, number>, string | undefined>;
  rows_written: JSONColumnType<Record<string, number>, string | undefined>;
  result: JSONColumnType<Record<string, unknown>, string | undefined>;
  error: string | null;
  job_id: string | null;
}

export interface ScenarioSchedulesTable {
  scenario: string;
  schedule: JSONColumnType<Schedule>;
  changed_at: Date;
}

export interface ScenarioDuesTable {
  scenario: string;
  piece: SchedulePiece;
  due_at: Date;
  last_at: Date | null;
}

export interface ScenarioOutcomesTable {
  scenario: string;
  as_of: Date;
  scored_at: Date;
  version: number;
  judged_at: Date;
  customers: number;
  told: boolean;
  figures: JSONColumnType<Figure[]>;
  calibration: JSONColumnType<CalibrationPoint[]>;
}

export interface ScenarioShadowsTable {
  scenario: string;
  version: number;
  since: Date;
}
