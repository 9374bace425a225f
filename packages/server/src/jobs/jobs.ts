import {
  AppError,
  SECOND,
  sentenceOf,
  type Clock,
  type Job,
  type Milliseconds,
  type Progress,
  type Work,
} from '@bellwether/contracts';
import type { JobsTable, Records, Selectable } from '@bellwether/records';
import { sql } from '@bellwether/records';
import { newId } from '../accounts/tokens.ts';
import { ProgressWriter } from './progress.ts';

/** One kind of long work. What it returns is kept as the job's result. */
export interface JobHandler {
  /** Whether a run that a crash cut off may simply be started again. Otherwise the job fails with a sentence. */
  resumes: boolean;
  run(job: JobToRun, work: Required<Work>, jobs: Jobs): Promise<Record<string, unknown>>;
}

export interface JobToRun {
  id: string;
  subject: string;
  args: Record<string, unknown>;
}

export interface JobsOptions {
  records: Records;
  clock: Clock;
  /** Names this process in what it claims. A data folder has one process, so at a start its old claims are dead. */
  node: string;
  handlers: Readonly<Record<string, JobHandler>>;
  onError?: (error: unknown, job: JobToRun & { name: string }) => void;
}

const POLL: Milliseconds = SECOND;
const STOP_LIMIT: Milliseconds = 15 * SECOND;
const CUT_OFF = 'the server stopped while this ran; start it again';

/**
 * Long work as rows: queued, claimed by one node, its progress told, cancelled, and not lost by a restart. A claim
 * skips rows that another node holds, so nodes share the queue without a broker.
 *
 * @example
 * const jobs = new Jobs({ records, clock, node, handlers });
 * await jobs.start();
 * const job = await jobs.enqueue('train', 'purchase-prediction');
 * const { state, result } = await jobs.settled(job.id);
 */
export class Jobs {
  readonly #options: JobsOptions;
  #running: { id: string; stop: AbortController; ended: Promise<void> } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #claiming: Promise<void> | undefined;
  #stopped = false;

  constructor(options: JobsOptions) {
    this.#options = options;
  }

  /** Puts right what a dead process left, and begins to take work. */
  async start(): Promise<void> {
    const { handlers, node, records } = this.#options;
    const resumable = Object.keys(handlers).filter(name => handlers[name]?.resumes);
    const left = records.updateTable('jobs').where('state', '=', 'running').where('claimed_by', '=', node);
    const ended = { finished_at: this.#now() };
    await left
      .set({ state: 'cancelled', ...ended })
      .where('cancel_requested', '=', true)
      .execute();
    if (resumable.length > 0)
      await left.set({ state: 'queued', claimed_by: null }).where('name', 'in', resumable).execute();
    await left.set({ state: 'failed', error: CUT_OFF, ...ended }).execute();
    this.#timer = setInterval(() => this.#look(), POLL).unref();
    this.#look();
  }

  /** Asks for work. The same work that waits or runs already is not asked for again: its job is the answer. */
  async enqueue(name: string, subject = '', args: Record<string, unknown> = {}): Promise<Job> {
    const added = await this.enqueueWithin(this.#options.records, name, subject, args);
    this.#look();
    return added ?? this.#waiting(name, subject, args);
  }

  /** The same within a transaction of the caller's; nothing where the same work waits or runs already. */
  async enqueueWithin(
    records: Records,
    name: string,
    subject: string,
    args: Record<string, unknown> = {},
  ): Promise<Job | undefined> {
    if (this.#options.handlers[name] === undefined)
      throw new AppError('job.unknown_name', `there is no work called "${name}"`);
    const row = {
      id: newId('job'),
      name,
      subject,
      args: JSON.stringify(args),
      state: 'queued' as const,
      created_at: this.#now(),
    };
    const added = await records
      .insertInto('jobs')
      .values(row)
      .onConflict(conflict => conflict.doNothing())
      .returningAll()
      .executeTakeFirst();
    return added === undefined ? undefined : jobOf(added);
  }

  async #waiting(name: string, subject: string, args: Record<string, unknown>): Promise<Job> {
    const row = await this.active(name, subject);
    // it ended between the two statements
    return row ?? this.enqueue(name, subject, args);
  }

  /** The job of this work that waits or runs. */
  async active(name: string, subject: string): Promise<Job | undefined> {
    const row = await this.#options.records
      .selectFrom('jobs')
      .selectAll()
      .where('name', '=', name)
      .where('subject', '=', subject)
      .where('state', 'in', ['queued', 'running'])
      .executeTakeFirst();
    return row === undefined ? undefined : jobOf(row);
  }

  /** The newest first. */
  async list(limit = 100): Promise<Job[]> {
    const rows = await this.#options.records
      .selectFrom('jobs')
      .selectAll()
      .orderBy('created_at', 'desc')
      .limit(limit)
      .execute();
    return rows.map(jobOf);
  }

  /** @throws AppError `job.unknown` */
  async get(id: string): Promise<Job> {
    const row = await this.#options.records
      .selectFrom('jobs')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) throw new AppError('job.unknown', `there is no job ${id}`);
    return jobOf(row);
  }

  /** Stops a job as soon as it looks; what it finished stays. */
  async cancel(id: string): Promise<Job> {
    const { records } = this.#options;
    const asked = { cancel_requested: true };
    await records
      .updateTable('jobs')
      .set(asked)
      .where('id', '=', id)
      .where('state', '=', 'running')
      .execute();
    const gone = { ...asked, state: 'cancelled' as const, finished_at: this.#now() };
    await records.updateTable('jobs').set(gone).where('id', '=', id).where('state', '=', 'queued').execute();
    if (this.#running?.id === id) this.#running.stop.abort(cancelled());
    return this.get(id);
  }

  /** The job once it has ended on this node. */
  async settled(id: string): Promise<Job> {
    for (;;) {
      const job = await this.get(id);
      if (job.state !== 'queued' && job.state !== 'running') return job;
      await (this.#running?.id === id ? this.#running.ended : new Promise(later => setTimeout(later, 50)));
    }
  }

  /** Takes no more work, interrupts what runs and waits for it, within a bound. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#claiming;
    if (this.#running === undefined) return;
    this.#running.stop.abort(new AppError('job.server_stopping', CUT_OFF));
    await Promise.race([this.#running.ended, new Promise(late => setTimeout(late, STOP_LIMIT).unref())]);
  }

  #look(): void {
    if (this.#stopped) return;
    this.#claiming = (this.#claiming ?? Promise.resolve()).then(() => this.#next()).catch(() => undefined);
  }

  /** One job at a time on each node: long work uses every core, and half-read data are not learned from. */
  async #next(): Promise<void> {
    if (this.#stopped || this.#running !== undefined) return;
    const row = await this.#claim();
    const handler = row === undefined ? undefined : this.#options.handlers[row.name];
    if (row === undefined || handler === undefined) return;
    const stop = new AbortController();
    const ended = this.#run(row, handler, stop).finally(() => {
      this.#running = undefined;
      this.#look();
    });
    this.#running = { id: row.id, stop, ended };
  }

  async #claim(): Promise<Selectable<JobsTable> | undefined> {
    const { records, node, handlers } = this.#options;
    return records
      .updateTable('jobs')
      .set({ state: 'running', started_at: this.#now(), claimed_by: node })
      .where('id', '=', eb =>
        eb
          .selectFrom('jobs')
          .select('id')
          .where('state', '=', 'queued')
          .where('name', 'in', Object.keys(handlers))
          .orderBy('created_at')
          .limit(1)
          .forUpdate()
          .skipLocked(),
      )
      .returningAll()
      .executeTakeFirst();
  }

  async #run(row: Selectable<JobsTable>, handler: JobHandler, stop: AbortController): Promise<void> {
    const progress = new ProgressWriter(progress => this.#writeProgress(row.id, progress, stop));
    const job = { id: row.id, subject: row.subject, args: row.args };
    try {
      const work = { signal: stop.signal, onProgress: (told: Progress) => progress.told(told) };
      const result = await handler.run(job, work, this);
      await progress.flush();
      await this.#end(row.id, { state: 'done', result: JSON.stringify(result) });
    } catch (error) {
      await progress.flush();
      await this.#end(row.id, this.#ending(handler, stop, error)).catch(() => undefined);
      if (!stop.signal.aborted) this.#options.onError?.(error, { ...job, name: row.name });
    }
  }

  #ending(handler: JobHandler, stop: AbortController, error: unknown): Ending {
    if (!stop.signal.aborted) return { state: 'failed', error: sentenceOf(error) };
    const reason: unknown = stop.signal.reason;
    if (reason instanceof AppError && reason.code === 'job.cancelled') return { state: 'cancelled' };
    return handler.resumes ? { state: 'queued', claimed_by: null } : { state: 'failed', error: CUT_OFF };
  }

  async #end(id: string, ending: Ending): Promise<void> {
    const finished = ending.state === 'queued' ? {} : { finished_at: this.#now() };
    await this.#options.records
      .updateTable('jobs')
      .set({ ...ending, ...finished })
      .where('id', '=', id)
      .execute();
  }

  /** Also where a job learns that another node asked to cancel it. */
  async #writeProgress(id: string, progress: Progress, stop: AbortController): Promise<void> {
    const { done, total, unit, step } = progress;
    const row = await this.#options.records
      .updateTable('jobs')
      .set({ done, total: total ?? null, unit, step: step ?? '' })
      .where('id', '=', id)
      .returning('cancel_requested')
      .executeTakeFirst();
    if (row?.cancel_requested === true) stop.abort(cancelled());
  }

  #now(): Date {
    return new Date(this.#options.clock.now());
  }
}

type Ending =
  | { state: 'done'; result: string }
  | { state: 'failed'; error: string }
  | { state: 'cancelled' }
  | { state: 'queued'; claimed_by: null };

function cancelled(): AppError {
  return new AppError('job.cancelled', 'the job was cancelled');
}

export function jobOf(row: Selectable<JobsTable>): Job {
  const { id, name, subject, state, done, total, unit, step, error, result } = row;
  return {
    ...{ id, name, subject, state, done, total, unit, step, error, result },
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}

/** How many jobs there are in each state. */
export async function jobsByState(records: Records): Promise<{ state: string; count: number }[]> {
  return records
    .selectFrom('jobs')
    .select(['state', sql<number>`count(*)`.as('count')])
    .groupBy('state')
    .execute();
}
