import { api, REFUSALS, type QuarantineRow, type Refusal } from '@bellwether/contracts';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi, useCall } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { DataTable, type Column } from '../../parts/DataTable.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useToaster } from '../../parts/Toaster.tsx';

const route = getRouteApi('/shell/data');
const PAGE = 50;
const isRefusal = (value: string | undefined): value is Refusal => REFUSALS.some(reason => reason === value);

/** "Why did my event not arrive?": counts in words, what to do, the rows as they came, and another try. */
export function QuarantineTab() {
  const { t } = useTranslation();
  const { reason, page = 0 } = route.useSearch();
  const navigate = route.useNavigate();
  const chosen = isRefusal(reason) ? reason : undefined;
  const query = useApi(
    api.data.quarantine,
    { query: { offset: page * PAGE, limit: PAGE, ...(chosen === undefined ? {} : { reason: chosen }) } },
    { keep: true },
  );
  const columns = useQuarantineColumns();
  const show = (next: Refusal | undefined) => void navigate({ search: { tab: 'quarantine', reason: next } });
  return (
    <Loaded query={query} height={320}>
      {({ rows, total, reasons }) =>
        reasons.length === 0 ? (
          <Empty title={t('quarantine.empty.title')} teach={t('quarantine.empty.teach')} />
        ) : (
          <>
            <Reasons reasons={reasons} chosen={chosen} onChoose={show} />
            <DataTable
              name="quarantine"
              rows={rows}
              rowKey={row => row.id}
              columns={columns}
              choosable
              loading={query.isPlaceholderData}
              toolbar={<h2>{chosen === undefined ? t('quarantine.all') : t(`refusal.${chosen}`)}</h2>}
              paging={{
                page,
                size: PAGE,
                total,
                onPage: next => void navigate({ search: { tab: 'quarantine', reason, page: next } }),
              }}
            />
          </>
        )
      }
    </Loaded>
  );
}

interface ReasonsProps {
  reasons: readonly { reason: Refusal; source: string; count: number }[];
  chosen: Refusal | undefined;
  onChoose: (reason: Refusal | undefined) => void;
}

function Reasons({ reasons, chosen, onChoose }: ReasonsProps) {
  const counts = new Map<Refusal, number>();
  for (const { reason, count } of reasons) counts.set(reason, (counts.get(reason) ?? 0) + count);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return (
    <ol className="reasons card">
      {sorted.map(([reason, count]) => (
        <ReasonLine
          key={reason}
          reason={reason}
          count={count}
          isChosen={reason === chosen}
          onChoose={() => onChoose(reason === chosen ? undefined : reason)}
        />
      ))}
    </ol>
  );
}

function ReasonLine({
  reason,
  count,
  isChosen,
  onChoose,
}: {
  reason: Refusal;
  count: number;
  isChosen: boolean;
  onChoose: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const toaster = useToaster();
  const replay = useCall(api.data.replay, [api.data.quarantine, api.data.arrivals]);
  const again = () =>
    replay.mutate(
      { body: { reason } },
      {
        onError: error => toaster.fault(error),
        onSuccess: ({ accepted, refused }) =>
          toaster.done(
            t('quarantine.replayed', { accepted: format.count(accepted), refused: format.count(refused) }),
          ),
      },
    );
  return (
    <li className={isChosen ? 'is-chosen' : ''}>
      <b className="figures">{format.brief(count)}</b>
      <div>
        <p>{t(`refusal.${reason}`)}</p>
        <p className="note">{t(`mend.${reason}`)}</p>
      </div>
      <button type="button" className="link" aria-pressed={isChosen} onClick={onChoose}>
        {isChosen ? t('quarantine.showAll') : t('quarantine.show')}
      </button>
      <button type="button" className="button" disabled={replay.isPending} onClick={again}>
        {t('quarantine.replay')}
      </button>
    </li>
  );
}

function useQuarantineColumns(): Column<QuarantineRow>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'at',
      title: t('quarantine.at'),
      value: row => row.at,
      render: row => <Ago at={row.at} />,
      width: 120,
    },
    { key: 'reason', title: t('quarantine.reason'), value: row => t(`refusal.${row.reason}`), width: 240 },
    { key: 'detail', title: t('quarantine.detail'), value: row => row.detail },
    {
      key: 'source',
      title: t('quarantine.source'),
      value: row => `${row.source}${row.line > 0 ? `:${row.line}` : ''}`,
    },
    {
      key: 'raw',
      title: t('quarantine.raw'),
      value: row => row.raw,
      render: row => (
        <code className="raw" title={row.raw}>
          {row.raw}
        </code>
      ),
    },
  ];
}
