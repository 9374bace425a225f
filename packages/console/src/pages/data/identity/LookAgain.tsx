import { api, type DuplicateRun } from '@bellwether/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useCall } from '../../../app/api.ts';
import { JobProgress } from '../../../app/shell/JobsMenu.tsx';
import { useToaster } from '../../../parts/Toaster.tsx';

/** Looks for duplicates now; while it runs its progress stands in the place of the button. */
export function LookAgain({ run }: { run: DuplicateRun | null }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const cache = useQueryClient();
  const find = useCall(api.duplicates.find, [api.system.jobs]);
  const { data: jobs = [] } = useApi(api.system.jobs, {});
  const active = jobs.find(
    ({ name, state }) => name === 'duplicates' && (state === 'running' || state === 'queued'),
  );
  const before = useRef(active?.id);
  useEffect(() => {
    if (before.current !== undefined && active === undefined)
      void cache.invalidateQueries({ queryKey: [api.duplicates.list.path] });
    before.current = active?.id;
  }, [active, cache]);
  if (active)
    return (
      <div className="head-job">
        <JobProgress job={active} />
      </div>
    );
  return (
    <button
      type="button"
      className={run === null ? 'button main-button' : 'button'}
      disabled={find.isPending}
      onClick={() => find.mutate({}, { onError: error => toaster.fault(error) })}
    >
      {t(run === null ? 'duplicates.look' : 'duplicates.again')}
    </button>
  );
}
