import { api, type Journey } from '@bellwether/contracts';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Badge, type Tone } from '../../parts/Badge.tsx';
import { Computed } from '../../parts/Computed.tsx';
import { DataTable } from '../../parts/DataTable.tsx';
import { Page } from '../../parts/Page.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { Empty, Loaded, Skeleton } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { CreateJourney } from './CreateJourney.tsx';

export const JOURNEY_TONES: Record<Journey['state'], Tone> = {
  draft: 'neutral',
  running: 'running',
  paused: 'warn',
  stopped: 'neutral',
};

/** What is under way, and what did it bring? */
export function Journeys() {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const [isCreating, setCreating] = useState(false);
  const query = useApi(api.engagement.journeys, {}, { every: 10_000 });
  const { data: audiences = [] } = useApi(api.engagement.audiences, {});
  const running = query.data?.filter(({ state }) => state === 'running').length ?? 0;
  const audienceOf = (row: Journey) => {
    const enter = row.graph.nodes.find(node => node.kind === 'enter');
    return audiences.find(({ id }) => id === enter?.audience)?.name ?? '–';
  };
  const button = (
    <button type="button" className="button main-button" onClick={() => setCreating(true)}>
      {t('journeys.create')}
    </button>
  );
  return (
    <Page
      title={t('nav.journeys')}
      actions={query.data?.length ? button : undefined}
      answer={
        query.data === undefined ? (
          <Skeleton height={32} lines={1} />
        ) : query.data.length === 0 ? (
          t('journeys.answer.none')
        ) : (
          <Rich text={t('journeys.answer', { count: query.data.length, n: query.data.length, running })} />
        )
      }
    >
      <Loaded query={query}>
        {rows =>
          rows.length === 0 ? (
            <Empty title={t('journeys.empty.title')} teach={t('journeys.empty.teach')} action={button} />
          ) : (
            <>
              <DataTable
                name="journeys"
                rows={rows}
                rowKey={row => row.id}
                onOpen={row => void navigate({ to: '/journeys/$id', params: { id: row.id } })}
                columns={[
                  {
                    key: 'name',
                    title: t('journeys.name'),
                    value: row => row.name,
                    sortable: true,
                    render: row => <b>{row.name}</b>,
                  },
                  {
                    key: 'state',
                    title: t('journeys.state'),
                    value: row => t(`journeyState.${row.state}`),
                    render: row => (
                      <>
                        <Badge tone={JOURNEY_TONES[row.state]}>{t(`journeyState.${row.state}`)}</Badge>
                        {row.graph.dry_run && <span className="quiet"> {t('journey.dryRun')}</span>}
                      </>
                    ),
                  },
                  { key: 'audience', title: t('journeys.audience'), value: audienceOf },
                  {
                    key: 'holdout',
                    title: t('journey.holdout'),
                    numeric: true,
                    value: row => row.graph.holdout,
                    render: row => format.percent(row.graph.holdout, 0),
                  },
                  {
                    key: 'started',
                    title: t('journeys.started'),
                    value: row => row.started_at,
                    render: row => <Ago at={row.started_at} />,
                  },
                ]}
              />
              <Computed
                facts={[
                  ['n', t('journeys.computed.n', { n: rows.length })],
                  [t('journey.holdout'), t('journeys.computed.holdout')],
                ]}
              />
            </>
          )
        }
      </Loaded>
      {isCreating && <CreateJourney onClose={() => setCreating(false)} />}
    </Page>
  );
}
