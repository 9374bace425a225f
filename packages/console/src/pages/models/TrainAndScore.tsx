import { api, type Job, type ScenarioPage } from '@bellwether/contracts';
import { useEffect, useRef } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi, useCall } from '../../app/api.ts';
import { JobProgress } from '../../app/shell/JobsMenu.tsx';
import { ButtonLink } from '../../parts/ButtonLink.tsx';
import { useToaster } from '../../parts/Toaster.tsx';

const isActive = (job: Job): boolean => job.state === 'running' || job.state === 'queued';

/** Train, score, and what to do with the scores; work under way shows beside the buttons. */
export function TrainAndScore({ page }: { page: ScenarioPage }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const { name } = page;
  const train = useCall(api.scenarios.train, [api.system.jobs]);
  const score = useCall(api.scenarios.score, [api.system.jobs]);
  const { data: jobs = [] } = useApi(api.system.jobs, {});
  const active = jobs.find(job => isActive(job) && (job.subject === name || job.name === 'loop'));
  useRefreshWhenDone(active?.id);
  const onError = (error: Error) => toaster.fault(error);
  const input = { params: { name } };
  return (
    <>
      {active && (
        <div className="head-job">
          <JobProgress job={active} />
        </div>
      )}
      <button
        type="button"
        className="button"
        disabled={active !== undefined || !page.ready}
        onClick={() => train.mutate(input, { onError })}
      >
        {t('model.train')}
      </button>
      <button
        type="button"
        className="button"
        disabled={active !== undefined || page.champion === null}
        onClick={() => score.mutate(input, { onError })}
      >
        {t('model.score')}
      </button>
      {page.scored > 0 && (
        <ButtonLink main to="/audiences" search={{ create: true, scenario: name }}>
          {t('model.audience')}
        </ButtonLink>
      )}
    </>
  );
}

/** The page is read again when the work that it waited for has ended. */
function useRefreshWhenDone(active: string | undefined): void {
  const cache = useQueryClient();
  const before = useRef(active);
  useEffect(() => {
    if (before.current !== undefined && active === undefined) {
      void cache.invalidateQueries({ queryKey: [api.scenarios.page.path] });
    }
    before.current = active;
  }, [active, cache]);
}
