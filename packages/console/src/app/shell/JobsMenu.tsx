import { api, type Job } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../format/useFormat.ts';
import { Badge, type Tone } from '../../parts/Badge.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { Ago } from '../../parts/time.tsx';
import { useLookup } from '../../parts/useLookup.ts';
import { useApi, useCall } from '../api.ts';
import { paceOf } from './pace.ts';

const isActive = (job: Job): boolean => job.state === 'running' || job.state === 'queued';
/** What finished stays in the menu for the last few. */
const SHOWN = 12;

/** Work under way, wherever it was started: done, total, rate, time left, cancel. */
export function JobsMenu() {
  const { t } = useTranslation();
  const { data: jobs = [] } = useApi(
    api.system.jobs,
    {},
    { every: all => (all?.some(isActive) ? 1_000 : 8_000) },
  );
  const active = jobs.filter(isActive);
  const label = active.length > 0 ? t('jobs.running', { count: active.length }) : t('jobs.title');
  return (
    <>
      <button type="button" className={`bare ${active.length > 0 ? 'is-active' : ''}`} popoverTarget="jobs">
        <Icon name="jobs" />
        <span className="wide-only">{label}</span>
      </button>
      <div id="jobs" popover="auto" className="menu menu-jobs">
        <h2>{t('jobs.title')}</h2>
        {jobs.length === 0 && <p className="note">{t('jobs.none')}</p>}
        {jobs.slice(0, SHOWN).map(job => (
          <JobLine key={job.id} job={job} />
        ))}
      </div>
    </>
  );
}

const TONES: Record<Job['state'], Tone> = {
  queued: 'neutral',
  running: 'running',
  done: 'good',
  failed: 'bad',
  cancelled: 'warn',
};

export function JobLine({ job }: { job: Job }) {
  const { t } = useTranslation();
  const cancel = useCall(api.system.cancelJob, [api.system.jobs]);
  const name = useJobName();
  return (
    <div className="job">
      <div className="job-line">
        <b>{name(job)}</b>
        <Badge tone={TONES[job.state]}>{t(`job.${job.state}`)}</Badge>
      </div>
      {isActive(job) ? <JobProgress job={job} /> : <JobEnd job={job} />}
      {isActive(job) && (
        <button type="button" className="link" onClick={() => cancel.mutate({ params: { id: job.id } })}>
          {t('action.cancel')}
        </button>
      )}
    </div>
  );
}

function JobEnd({ job }: { job: Job }) {
  return <p className="note">{job.error ?? <Ago at={job.finished_at ?? job.created_at} />}</p>;
}

export function JobProgress({ job }: { job: Job }) {
  const { t } = useTranslation();
  const say = useLookup();
  const format = useFormat();
  const pace = paceOf(job, Date.now());
  const unit = say('unit', job.unit);
  const step = job.step === '' ? '' : say('step', job.step, '');
  return (
    <>
      <progress value={pace.share ?? undefined} max={1} aria-label={step || t('jobs.title')} />
      <p className="note figures">
        {[
          step,
          job.total === null
            ? t('jobs.done', { done: format.count(job.done), unit })
            : t('jobs.doneOf', { done: format.count(job.done), total: format.count(job.total), unit }),
          pace.perSecond === null ? '' : t('jobs.rate', { rate: format.count(pace.perSecond), unit }),
          pace.secondsLeft === null ? '' : t('jobs.left', { time: format.duration(pace.secondsLeft) }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </>
  );
}

/** A job's name in words: "Train: purchase-prediction". */
export function useJobName(): (job: Job) => string {
  const say = useLookup();
  return job => {
    const name = say('jobName', job.name);
    return job.subject === '' ? name : `${name}: ${job.subject}`;
  };
}
