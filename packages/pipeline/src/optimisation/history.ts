import { isAppError, sentenceOf, type RunCause, type RunWhat, type ScenarioRun } from '@bellwether/contracts';
import type { Records, ScenarioRunsTable, Selectable } from '@bellwether/records';
import { randomUUID } from 'node:crypto';
import type { Stores } from '../stores.ts';
import { watched } from './watched.ts';

/** Which run is about to begin. */
export interface RunAbout {
  scenario: string;
  what: RunWhat;
  cause: RunCause;
  /** The job that it is the work of. */
  jobId?: string | undefined;
}

/**
 * Does one run of a scenario and keeps a row of it: when, why, what it read and wrote, what it came to or why it failed.
 * The row is there from the beginning, so that what is under way is seen.
 *
 * @param run is given the stores to work on; a `version` in what it returns is kept as the run's
 */
export async function tracked<Result extends Record<string, unknown>>(
  stores: Stores,
  { scenario, what, cause, jobId }: RunAbout,
  run: (stores: Stores) => Promise<Result>,
): Promise<Result> {
  const { records, clock } = stores;
  const id = `run_${randomUUID()}`;
  const began = { id, scenario, what, cause, started_at: new Date(clock.now()), job_id: jobId ?? null };
  await records
    .insertInto('scenario_runs')
    .values({ ...began, state: 'running' })
    .execute();
  const watch = watched(stores.warehouse);
  const end = async (ending: Ending): Promise<void> => {
    const rows_written = {
      ...watch.wrote(),
      ...(what === 'train' && ending.state === 'done' && { model_versions: 1 }),
    };
    const counts = {
      rows_read: JSON.stringify(await watch.read().catch(() => ({}))),
      rows_written: JSON.stringify(rows_written),
    };
    const row = { ...ending, ...counts, finished_at: new Date(clock.now()) };
    await records.updateTable('scenario_runs').set(row).where('id', '=', id).execute();
  };
  try {
    const result = await run({ ...stores, warehouse: watch.warehouse });
    await end({ state: 'done', version: versionIn(result), result: JSON.stringify(result) });
    return result;
  } catch (error) {
    const state = isAppError(error, 'job.cancelled') ? 'cancelled' : 'failed';
    // what went wrong first is what is told
    await end({ state, error: sentenceOf(error) }).catch(() => undefined);
    throw error;
  }
}

type Ending =
  | { state: 'done'; version: number | null; result: string }
  | { state: 'failed' | 'cancelled'; error: string };

function versionIn(result: Record<string, unknown>): number | null {
  return typeof result['version'] === 'number' ? result['version'] : null;
}

/** The runs of a scenario, the newest first. */
export async function runsOf(records: Records, scenario: string, limit: number): Promise<ScenarioRun[]> {
  const rows = await records
    .selectFrom('scenario_runs')
    .selectAll()
    .where('scenario', '=', scenario)
    .orderBy('started_at', 'desc')
    .orderBy('finished_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(runFrom);
}

function runFrom({
  scenario: _,
  started_at,
  finished_at,
  ...row
}: Selectable<ScenarioRunsTable>): ScenarioRun {
  return {
    ...row,
    started_at: started_at.toISOString(),
    finished_at: finished_at?.toISOString() ?? null,
  };
}

/** Ends the rows of runs whose job is not running any more: a process died in their middle. */
export async function endCutOffRuns({ records, clock }: Pick<Stores, 'records' | 'clock'>): Promise<void> {
  await records
    .updateTable('scenario_runs')
    .set({
      state: 'failed',
      error: 'the server stopped while this ran; what it had not finished is not seen by anybody',
      finished_at: new Date(clock.now()),
    })
    .where('state', '=', 'running')
    .where(where =>
      where.not(
        where.exists(
          where
            .selectFrom('jobs')
            .select('jobs.id')
            .whereRef('jobs.id', '=', 'scenario_runs.job_id')
            .where('jobs.state', 'in', ['queued', 'running']),
        ),
      ),
    )
    .execute();
}
