import type { Job } from '@bellwether/contracts';

export interface Pace {
  /** 0 to 1; null where the total is not known. */
  share: number | null;
  perSecond: number | null;
  secondsLeft: number | null;
}

/** How fast a job goes and how long it still takes, from its start until now. */
export function paceOf(job: Pick<Job, 'done' | 'total' | 'started_at' | 'state'>, now: number): Pace {
  const share = job.total === null || job.total === 0 ? null : Math.min(1, job.done / job.total);
  const seconds = job.started_at === null ? 0 : (now - Date.parse(job.started_at)) / 1000;
  if (job.state !== 'running' || seconds < 1 || job.done === 0)
    return { share, perSecond: null, secondsLeft: null };
  const perSecond = job.done / seconds;
  const left = job.total === null ? null : Math.max(0, (job.total - job.done) / perSecond);
  return { share, perSecond, secondsLeft: left };
}
