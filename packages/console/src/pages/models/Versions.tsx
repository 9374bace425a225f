import { api, type ModelVersion, type ScenarioPage } from '@bellwether/contracts';
import { getRouteApi } from '@tanstack/react-router';
import { Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Badge, type Tone } from '../../parts/Badge.tsx';
import { DataTable } from '../../parts/DataTable.tsx';
import { Ago } from '../../parts/time.tsx';
import { useToaster } from '../../parts/Toaster.tsx';

const route = getRouteApi('/shell/models/$name');
const TONES: Record<ModelVersion['state'], Tone> = {
  champion: 'good',
  challenger: 'neutral',
  retired: 'neutral',
};

/** Every version that was trained; any of them can be made the champion, also to roll back. */
export function Versions({ page, shown }: { page: ScenarioPage; shown: ModelVersion }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = route.useNavigate();
  const auc = (row: ModelVersion) => row.card.model.auc.value;
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
          key: 'auc',
          title: 'AUC',
          numeric: true,
          sortable: true,
          value: auc,
          render: row => format.decimal(auc(row) ?? 0),
        },
        {
          key: 'gain',
          title: t('card.gain'),
          numeric: true,
          value: row => row.card.auc_gain.value,
          render: row => (row.card.auc_gain.value === null ? '–' : format.decimal(row.card.auc_gain.value)),
        },
        {
          key: 'lift',
          title: t('figureName.top_decile_lift'),
          numeric: true,
          value: row => row.card.model.top_decile_lift,
          render: row => `${format.decimal(row.card.model.top_decile_lift, 2)}×`,
        },
        {
          key: 'why',
          title: t('versions.why'),
          value: row => row.why,
          render: row => <span className="clip wide">{row.why}</span>,
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
