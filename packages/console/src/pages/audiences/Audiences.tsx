import { api, type Audience } from '@bellwether/contracts';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi, useCall } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Computed } from '../../parts/Computed.tsx';
import { DataTable, type Column } from '../../parts/DataTable.tsx';
import { Page } from '../../parts/Page.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { Empty, Loaded, Skeleton } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useToaster } from '../../parts/Toaster.tsx';
import { useWords } from '../../parts/useWords.ts';
import { CreateAudience } from './CreateAudience.tsx';

const route = getRouteApi('/shell/audiences');

/** Whom can I reach, and how many are they? */
export function Audiences() {
  const { t } = useTranslation();
  const format = useFormat();
  const { create, scenario } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useApi(api.engagement.audiences, {});
  const columns = useAudienceColumns();
  const open = () => void navigate({ search: { create: true } });
  const button = (
    <button type="button" className="button main-button" onClick={open}>
      {t('audiences.create')}
    </button>
  );
  const largest = [...(query.data ?? [])].sort((a, b) => b.size - a.size)[0];
  return (
    <Page
      title={t('nav.audiences')}
      actions={query.data?.length ? button : undefined}
      answer={
        query.data === undefined ? (
          <Skeleton height={32} lines={1} />
        ) : largest === undefined ? (
          t('audiences.answer.none')
        ) : (
          <Rich
            text={t('audiences.answer', {
              count: query.data.length,
              n: query.data.length,
              name: largest.name,
              size: format.brief(largest.size),
            })}
          />
        )
      }
    >
      <Loaded query={query}>
        {rows =>
          rows.length === 0 ? (
            <Empty title={t('audiences.empty.title')} teach={t('audiences.empty.teach')} action={button} />
          ) : (
            <>
              <DataTable name="audiences" rows={rows} rowKey={row => row.id} columns={columns} />
              <Computed
                facts={[
                  ['n', t('audiences.computed.n', { n: rows.length })],
                  [t('audiences.rule'), t('audiences.computed.rule')],
                ]}
              />
            </>
          )
        }
      </Loaded>
      {create && <CreateAudience scenario={scenario} onClose={() => void navigate({ search: {} })} />}
    </Page>
  );
}

function useAudienceColumns(): Column<Audience>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const rule = useRuleWords();
  return [
    {
      key: 'name',
      title: t('audiences.name'),
      value: row => row.name,
      sortable: true,
      render: row => (
        <Link to="/customers" search={{ audience: row.id }} className="strong-link">
          {row.name}
        </Link>
      ),
    },
    {
      key: 'size',
      title: t('audiences.size'),
      numeric: true,
      sortable: true,
      value: row => row.size,
      render: row => format.count(row.size),
    },
    { key: 'rule', title: t('audiences.rule'), value: row => rule(row) },
    {
      key: 'computed',
      title: t('audiences.computed'),
      value: row => row.computed_at,
      render: row => <Ago at={row.computed_at} />,
    },
    { key: 'do', title: t('table.do'), value: () => '', render: row => <Refresh row={row} /> },
  ];
}

/** A definition as a sentence. */
function useRuleWords(): (audience: Audience) => string {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const { data: scenarios = [] } = useApi(api.scenarios.list, {});
  return ({
    definition: { scenario, min_probability: min, max_probability: max, chosen_only: chosen, limit },
  }) => {
    const found = scenarios.find(({ name }) => name === scenario);
    return [
      found ? say(found.title) : scenario,
      chosen
        ? t('audiences.chosen')
        : t('audiences.between', { min: format.percent(min), max: format.percent(max) }),
      limit === undefined ? '' : t('audiences.best', { n: format.count(limit) }),
    ]
      .filter(Boolean)
      .join(' · ');
  };
}

function Refresh({ row }: { row: Audience }) {
  const { t } = useTranslation();
  const format = useFormat();
  const toaster = useToaster();
  const refresh = useCall(api.engagement.refreshAudience, [api.engagement.audiences]);
  const run = () =>
    refresh.mutate(
      { params: { id: row.id } },
      {
        onError: error => toaster.fault(error),
        onSuccess: next =>
          toaster.done(t('audiences.refreshed', { name: next.name, n: format.count(next.size) })),
      },
    );
  return (
    <button type="button" className="link" disabled={refresh.isPending} onClick={run}>
      {t('audiences.refresh')}
    </button>
  );
}
