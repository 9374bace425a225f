import { api } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useApi, useCall } from '../../app/api.ts';
import { useToaster } from '../../parts/Toaster.tsx';

/** Turns the loop once more; while it turns, the button says so. */
export function RunLoop({ main = false }: { main?: boolean }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const { data: jobs = [] } = useApi(api.system.jobs, {});
  const run = useCall(api.system.runLoop, [api.system.jobs, api.system.overview]);
  const isRunning = jobs.some(
    job => job.name === 'loop' && (job.state === 'running' || job.state === 'queued'),
  );
  const start = () =>
    run.mutate(
      {},
      { onSuccess: () => toaster.done(t('loop.started')), onError: error => toaster.fault(error) },
    );
  return (
    <button
      type="button"
      className={main ? 'button main-button' : 'button'}
      disabled={run.isPending || isRunning}
      onClick={start}
    >
      {isRunning ? t('loop.running') : t('loop.run')}
    </button>
  );
}
