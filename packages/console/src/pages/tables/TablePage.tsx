import { api, type Job, type TablePage as Table } from '@bellwether/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Popconfirm } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useCall } from '../../app/api.ts';
import { JobProgress } from '../../app/shell/JobsMenu.tsx';
import { range } from '../../format/sentences.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Page } from '../../parts/Page.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { Fault, Skeleton } from '../../parts/states.tsx';
import { useToaster } from '../../parts/Toaster.tsx';
import { useWords } from '../../parts/useWords.ts';
import { Choose } from './Choose.tsx';
import { Columns } from './Columns.tsx';
import { Leaks } from './Leaks.tsx';
import { HowComputed, Learned } from './Learned.tsx';
import { PredictFile } from './PredictFile.tsx';
import { Refused } from './Refused.tsx';
import { TryRow } from './TryRow.tsx';

const route = getRouteApi('/shell/models/tables/$id');

/** One table: what is in it, what is to be told, what leaks, how well it tells. */
export function TablePage() {
  const { id } = route.useParams();
  const query = useApi(api.tables.page, { params: { id } });
  const page = query.data;
  if (page !== undefined) return <Shown page={page} />;
  return (
    <Page title={id} answer={<Skeleton height={64} lines={2} />}>
      {query.error ? (
        <Fault error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Skeleton height={480} />
      )}
    </Page>
  );
}

function Shown({ page }: { page: Table }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = route.useNavigate();
  const { version: wanted } = route.useSearch();
  const champion = page.versions.find(({ state }) => state === 'champion');
  const shown = page.versions.find(({ version }) => version === wanted) ?? champion ?? page.versions[0];
  return (
    <Page title={page.file_name} answer={<Answer page={page} />} actions={<Actions page={page} />}>
      {page.sampled < page.rows && (
        <p className="advice">
          {t('tables.sampled', { sampled: format.count(page.sampled), rows: format.count(page.rows) })}
        </p>
      )}
      {shown && (
        <Learned
          page={page}
          shown={shown}
          onShow={version => void navigate({ search: { version }, resetScroll: false })}
        />
      )}
      {champion && (
        <>
          <TryRow key={champion.version} id={page.id} card={champion.card} />
          <PredictFile id={page.id} />
        </>
      )}
      <Choose page={page} />
      <Leaks page={page} />
      <Columns page={page} />
      <Refused page={page} />
      {shown && <HowComputed page={page} shown={shown} />}
    </Page>
  );
}

function Answer({ page }: { page: Table }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const { file_name: file, choices, faults, leaks, target_values } = page;
  const champion = page.versions.find(({ state }) => state === 'champion');
  if (champion !== undefined) {
    const { cross, target, yes } = champion.card;
    const auc = format.decimal(cross.auc.value ?? 0);
    const error = format.percent(cross.calibration_error, 1);
    const interval = range(cross.auc, x => format.decimal(x, 2));
    return <Rich text={t('tables.page.learned', { target, yes, auc, range: interval, error })} />;
  }
  if (choices.target === undefined) {
    const [rows, columns] = [format.brief(page.rows), page.columns];
    return <Rich text={t('tables.page.which', { file, rows, columns })} />;
  }
  if (faults[0] !== undefined) return say(faults[0]);
  const count = leaks.filter(
    ({ column, verdict }) => verdict === 'leak' && !choices.keep.includes(column),
  ).length;
  const answered = target_values.reduce((sum, one) => sum + one.count, 0);
  const yes = target_values.find(({ value }) => value === choices.yes)?.count ?? 0;
  const words = {
    ...{ target: choices.target, yes: choices.yes ?? '', rows: format.brief(answered) },
    share: format.percent(yes / Math.max(1, answered), 1),
    leaks: count === 0 ? t('tables.page.noLeaks') : t('tables.page.leaks', { count }),
  };
  return <Rich text={t('tables.page.ready', words)} />;
}

const isActive = (job: Job): boolean => job.state === 'running' || job.state === 'queued';

function Actions({ page }: { page: Table }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const navigate = useNavigate();
  const train = useCall(api.tables.train, [api.system.jobs]);
  const cancel = useCall(api.system.cancelJob, [api.system.jobs]);
  const remove = useCall(api.tables.remove, [api.tables.list]);
  const { data: jobs = [] } = useApi(
    api.system.jobs,
    {},
    { every: all => (all?.some(job => isActive(job) && job.subject === page.id) ? 1_000 : 8_000) },
  );
  const own = jobs.filter(job => job.subject === page.id);
  const active = own.find(isActive);
  useRefreshWhenDone(active?.id);
  const failed = active === undefined && own[0]?.state === 'failed' ? own[0].error : null;
  const onError = (error: Error) => toaster.fault(error);
  const forget = () =>
    remove.mutate(
      { params: { id: page.id } },
      {
        onError,
        onSuccess: () => {
          toaster.done(t('tables.removed'));
          void navigate({ to: '/models/tables' });
        },
      },
    );
  return (
    <>
      {active && (
        <div className="head-job">
          <JobProgress job={active} />
        </div>
      )}
      {failed !== null && <span className="field-fault">{failed}</span>}
      {active ? (
        <button
          type="button"
          className="button"
          onClick={() => cancel.mutate({ params: { id: active.id } }, { onError })}
        >
          {t('action.cancel')}
        </button>
      ) : (
        <Popconfirm title={t('tables.remove.ask')} onConfirm={forget}>
          <button type="button" className="button">
            {t('tables.remove')}
          </button>
        </Popconfirm>
      )}
      <button
        type="button"
        className="button main-button"
        disabled={active !== undefined || page.faults.length > 0}
        onClick={() => train.mutate({ params: { id: page.id } }, { onError })}
      >
        {page.versions.length > 0 ? t('tables.train.again') : t('tables.train')}
      </button>
    </>
  );
}

/** The page is read again when the work that it waited for has ended. */
function useRefreshWhenDone(active: string | undefined): void {
  const cache = useQueryClient();
  const before = useRef(active);
  useEffect(() => {
    if (before.current !== undefined && active === undefined) {
      void cache.invalidateQueries({ queryKey: [api.tables.page.path] });
      void cache.invalidateQueries({ queryKey: [api.tables.list.path] });
    }
    before.current = active;
  }, [active, cache]);
}
