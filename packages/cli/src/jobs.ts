import { api, AppError, type Job } from '@bellwether/contracts';
import type { Client } from '@bellwether/sdk';
import type { Context } from './context.ts';
import { drawing } from './progress.ts';

/** How often a job is looked at, in milliseconds. */
const LOOK = 300;

/**
 * Follows a job to its end, drawing its progress; an interrupt cancels it.
 *
 * @returns the finished job
 * @throws AppError `job.failed` with the job's sentence, `job.cancelled`, `cli.interrupted`
 */
export async function followJob(
  { output, signal }: Context,
  client: Client,
  job: Job,
  name = job.name,
): Promise<Job> {
  const drawn = drawing(output, name);
  try {
    for (;;) {
      const now = await client.call(api.system.job, { params: { id: job.id } });
      if (now.unit !== '') drawn.draw(progressOf(now));
      if (now.state === 'done') return now;
      if (now.state === 'failed') throw new AppError('job.failed', `${name}: ${now.error ?? 'failed'}`);
      if (now.state === 'cancelled') throw new AppError('job.cancelled', `${name} was cancelled`);
      if (signal.aborted) await cancel(client, job);
      await new Promise(later => setTimeout(later, LOOK));
    }
  } finally {
    drawn.end();
  }
}

async function cancel(client: Client, { id }: Job): Promise<never> {
  await client.call(api.system.cancelJob, { params: { id } });
  throw new AppError('cli.interrupted', 'interrupted; what was finished stays');
}

function progressOf({ done, total, unit, step }: Job) {
  return { done, unit, step, ...(total === null ? {} : { total }) };
}
