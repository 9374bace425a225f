import { api, type ModelVersion, type ScenarioPage } from '@bellwether/contracts';
import { getRouteApi } from '@tanstack/react-router';
import { Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../app/api.ts';
import { useFigure } from '../../format/useFigure.ts';
import { Badge, type Tone } from '../../parts/Badge.tsx';
import { DataTable } from '../../parts/DataTable.tsx';
import { Ago } from '../../parts/time.tsx';
import { useToaster } from '../../parts/Toaster.tsx';
import { useWords } from '../../parts/useWords.ts';

const route = getRouteApi('/shell/models/$name');
const TONES: Record<ModelVersion['state'], Tone> = {
  champion: 'good',
  challenger: 'neutral',
  retired: 'neutral',
};

/** Every version that was trained; any of them can be made the champion, also to roll back. */
export function Versions({ page, shown }: { page: ScenarioPage; shown: ModelVersion }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const say = useWords();
  const write = useFigure();
  const [first] = shown.card.figures;
  // every version of a scenario tells the same figures in the same order
  const figure = (row: ModelVersion) => row.card.figures[0];
  return (
    <DataTable
      name={`${page.name}-versions`}
      rows={page.versions}
      rowKey={row => String(row.version)}
      opened={String(shown.version)}
      onOpen={row => void navigate({ search: { version: row.version }, resetScroll: false })}
      toolbar={<h2>{t('versions.title')}</h2>}
      columns={[
        {
          key: 'version',
          title: t('versions.version'),
          value: row => row.version,
          render: row => <b>v{row.version}</b>,
          sortable: true,
        },
        {
          key: 'state',
          title: t('versions.state'),
          value: row => t(`version.${row.state}`),
          render: row => <Badge tone={TONES[row.state]}>{t(`version.${row.state}`)}</Badge>,
        },
        {
          key: 'figure',
          title: say(first.words),
          numeric: true,
          sortable: true,
          value: row => figure(row).model.value,
          render: row => write(figure(row).unit, figure(row).model),
        },
        {
          key: 'baseline',
          title: t('model.baseline'),
          numeric: true,
          value: row => figure(row).baseline?.value,
          render: row => {
            const { baseline, unit } = figure(row);
            return baseline === null ? '–' : write(unit, baseline);
          },
        },
        {
          key: 'why',
          title: t('versions.why'),
          value: row => say(row.why),
          render: row => <span className="clip wide">{say(row.why)}</span>,
        },
        {
          key: 'at',
          title: t('versions.at'),
          value: row => row.created_at,
          render: row => <Ago at={row.created_at} />,
        },
        {
          key: 'do',
          title: t('table.do'),
          value: () => '',
          render: row => (row.state === 'champion' ? null : <Promote row={row} page={page} />),
        },
      ]}
    />
  );
}

function Promote({ row, page }: { row: ModelVersion; page: ScenarioPage }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const promote = useCall(api.scenarios.promote, [api.scenarios.page, api.scenarios.list]);
  const isBack = page.champion !== null && row.version < page.champion;
  const to = (version: number) =>
    promote
      .mutateAsync({ params: { name: page.name, version } })
      .catch((error: unknown) => toaster.fault(error));
  const confirm = async () => {
    const before = page.champion;
    await to(row.version);
    toaster.done(
      t('versions.promoted', { version: row.version }),
      before === null ? undefined : () => void to(before),
    );
  };
  return (
    <span onClick={event => event.stopPropagation()}>
      <Popconfirm
        title={
          isBack
            ? t('versions.rollBack.ask', { version: row.version })
            : t('versions.promote.ask', { version: row.version })
        }
        description={row.card.beats_baseline ? t('versions.promote.effect') : t('versions.promote.warn')}
        okText={isBack ? t('versions.rollBack') : t('versions.promote')}
        onConfirm={confirm}
      >
        <button type="button" className="link">
          {isBack ? t('versions.rollBack') : t('versions.promote')}
        </button>
      </Popconfirm>
    </span>
  );
}
